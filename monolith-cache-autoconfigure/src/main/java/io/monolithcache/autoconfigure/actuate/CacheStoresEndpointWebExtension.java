// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.store.StoreException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.util.MimeType;

/**
 * Gives the answers of {@link CacheStoresEndpoint} their HTTP statuses: 200, 204 for an entry that was evicted, 400 for
 * what cannot be asked, 404, 409 for an entry that is locked or in use, 503 when the disk fails. Parameters are texts
 * here: what Boot cannot convert would be refused without a word on why.
 */
@EndpointWebExtension(endpoint = CacheStoresEndpoint.class)
@RegisterReflectionForBinding(EndpointProblem.class)
public class CacheStoresEndpointWebExtension {

    private static final MimeType PROBLEM = new MimeType("application", "problem+json");
    private static final int CONFLICT = 409;

    private final CacheStoresEndpoint endpoint;
    private final Show showValues;
    private final Set<String> roles;

    /**
     * Answers for that endpoint.
     *
     * @param showValues when keys and tags are shown
     * @param roles who is authorized; everybody who is known, if empty
     */
    public CacheStoresEndpointWebExtension(CacheStoresEndpoint endpoint, Show showValues, Set<String> roles) {
        this.endpoint = endpoint;
        this.showValues = showValues;
        this.roles = Set.copyOf(roles);
    }

    @ReadOperation
    public WebEndpointResponse<OperationResponseBody> stores() {
        return answer(SecurityContext.NONE, mask -> ok(endpoint.stores()));
    }

    @ReadOperation
    public WebEndpointResponse<OperationResponseBody> store(
            SecurityContext securityContext,
            @Selector String store,
            @Nullable String limit,
            @Nullable String after,
            @Nullable String prefix,
            @Nullable String tag) {
        return answer(
                securityContext,
                mask -> ok(endpoint.store(store, WebParameters.integer("limit", limit), after, prefix, tag, mask)));
    }

    @ReadOperation
    public WebEndpointResponse<OperationResponseBody> entry(
            SecurityContext securityContext, @Selector String store, @Selector String key) {
        return answer(securityContext, mask -> ok(endpoint.entry(store, key, mask)));
    }

    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> changeLock(
            SecurityContext securityContext, @Selector String store, @Selector String key, @Nullable String locked) {
        return answer(
                securityContext,
                mask -> ok(endpoint.changeLock(
                        store, key, WebParameters.required("locked", WebParameters.bool("locked", locked)), mask)));
    }

    @DeleteOperation
    public WebEndpointResponse<OperationResponseBody> evict(
            SecurityContext securityContext, @Selector String store, @Selector String key, @Nullable String dryRun) {
        return answer(securityContext, mask -> {
            CacheEntryEvictionDescriptor evicted =
                    endpoint.evict(store, key, WebParameters.bool("dryRun", dryRun), mask);
            return evicted.dryRun() ? ok(evicted) : new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
        });
    }

    @DeleteOperation
    public WebEndpointResponse<OperationResponseBody> evictAll(
            SecurityContext securityContext,
            @Selector String store,
            @Nullable String dryRun,
            @Nullable String prefix,
            @Nullable String tag) {
        return answer(
                securityContext,
                mask -> ok(endpoint.evictAll(store, WebParameters.bool("dryRun", dryRun), prefix, tag, mask)));
    }

    private WebEndpointResponse<OperationResponseBody> answer(
            SecurityContext securityContext, Function<ValueMask, WebEndpointResponse<OperationResponseBody>> call) {
        try {
            return call.apply(ValueMask.of(showValues.isShown(securityContext, roles)));
        } catch (InvalidEndpointRequestException invalid) {
            return problem("Bad Request", WebEndpointResponse.STATUS_BAD_REQUEST, invalid);
        } catch (CacheStoreAbsentException absent) {
            return problem("Not Found", WebEndpointResponse.STATUS_NOT_FOUND, absent);
        } catch (CacheEntryKeptException kept) {
            return problem("Conflict", CONFLICT, kept);
        } catch (StoreException failed) {
            return problem("Service Unavailable", WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE, failed);
        }
    }

    private static WebEndpointResponse<OperationResponseBody> ok(OperationResponseBody body) {
        return new WebEndpointResponse<>(body);
    }

    private static WebEndpointResponse<OperationResponseBody> problem(String title, int status, Exception failure) {
        return new WebEndpointResponse<>(
                new EndpointProblem(title, status, String.valueOf(failure.getMessage()), null), status, PROBLEM);
    }
}
