// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheInUseException;
import io.monolithcache.directory.CacheNotFoundException;
import java.util.List;
import java.util.Map;
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
 * Gives the answers of {@link CacheDirectoriesEndpoint} their HTTP statuses: 200, 204 for what was evicted, 400 for
 * what cannot be asked, 404, 409 with who holds the directory, 503 when the storage fails. Parameters are texts here:
 * what Boot cannot convert would be refused without a word on why.
 */
@EndpointWebExtension(endpoint = CacheDirectoriesEndpoint.class)
@RegisterReflectionForBinding(EndpointProblem.class)
public class CacheDirectoriesEndpointWebExtension {

    private static final MimeType PROBLEM = new MimeType("application", "problem+json");
    private static final int CONFLICT = 409;

    private final CacheDirectoriesEndpoint endpoint;
    private final Show showValues;
    private final Set<String> roles;

    /**
     * @param showValues when metadata values and owners are shown
     * @param roles who is authorized; everybody who is known, if empty
     */
    public CacheDirectoriesEndpointWebExtension(CacheDirectoriesEndpoint endpoint, Show showValues, Set<String> roles) {
        this.endpoint = endpoint;
        this.showValues = showValues;
        this.roles = Set.copyOf(roles);
    }

    @ReadOperation
    public WebEndpointResponse<OperationResponseBody> directories(
            SecurityContext securityContext, @Nullable String limit, @Nullable String after) {
        return answer(
                securityContext, mask -> ok(endpoint.directories(WebParameters.integer("limit", limit), after, mask)));
    }

    @ReadOperation
    public WebEndpointResponse<OperationResponseBody> directory(SecurityContext securityContext, @Selector String id) {
        return answer(securityContext, mask -> ok(endpoint.directory(id, mask)));
    }

    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> changeLock(
            SecurityContext securityContext, @Selector String id, @Nullable String locked, @Nullable String atMost) {
        return answer(
                securityContext,
                mask -> ok(endpoint.changeLock(
                        id,
                        WebParameters.required("locked", WebParameters.bool("locked", locked)),
                        WebParameters.duration("atMost", atMost),
                        mask)));
    }

    /** Without parameters, so that no body and no content type is needed. */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> sweep() {
        return answer(SecurityContext.NONE, mask -> ok(endpoint.sweep()));
    }

    @DeleteOperation
    public WebEndpointResponse<OperationResponseBody> evict(
            SecurityContext securityContext, @Selector String id, @Nullable String force) {
        return answer(securityContext, mask -> {
            endpoint.evictOrThrow(id, WebParameters.bool("force", force));
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
        });
    }

    private WebEndpointResponse<OperationResponseBody> answer(
            SecurityContext securityContext, Function<ValueMask, WebEndpointResponse<OperationResponseBody>> call) {
        ValueMask mask = ValueMask.of(showValues.isShown(securityContext, roles));
        try {
            return call.apply(mask);
        } catch (InvalidEndpointRequestException invalid) {
            return problem("Bad Request", WebEndpointResponse.STATUS_BAD_REQUEST, message(invalid), null);
        } catch (CacheNotFoundException absent) {
            return problem("Not Found", WebEndpointResponse.STATUS_NOT_FOUND, message(absent), null);
        } catch (CacheInUseException held) {
            return problem("Conflict", CONFLICT, mask.message(held), mask.owners(held.owners()));
        } catch (CacheBackendException failed) {
            return problem(
                    "Service Unavailable", WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE, message(failed), null);
        }
    }

    private static String message(Exception failure) {
        return String.valueOf(failure.getMessage());
    }

    private static WebEndpointResponse<OperationResponseBody> ok(OperationResponseBody body) {
        return new WebEndpointResponse<>(body);
    }

    private static WebEndpointResponse<OperationResponseBody> problem(
            String title, int status, String detail, @Nullable List<Map<String, Object>> owners) {
        return new WebEndpointResponse<>(new EndpointProblem(title, status, detail, owners), status, PROBLEM);
    }
}
