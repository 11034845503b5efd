// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Who is shown what, and what a broken storage is answered with. The rest is {@link EndpointContract}. */
class CacheDirectoriesEndpointWebExtensionTests {

    @TempDir
    Path root;

    private CacheManager manager;
    private CacheDirectory directory;

    @BeforeEach
    void create() {
        manager = CacheManager.builder().root(root).build();
        directory = manager.create(CacheOptions.defaults().metadata("job", 42));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void nobodyIsShownWhatNobodyMaySee() {
        assertThat(metadata(Show.NEVER, Set.of(), user("admin"))).containsEntry("job", "******");
    }

    @Test
    void everybodyIsShownWhatEverybodyMaySee() {
        assertThat(metadata(Show.ALWAYS, Set.of(), SecurityContext.NONE)).containsEntry("job", 42);
    }

    @Test
    void theAuthorizedAreNotTheUnknown() {
        assertThat(metadata(Show.WHEN_AUTHORIZED, Set.of(), SecurityContext.NONE))
                .containsEntry("job", "******");
    }

    @Test
    void withoutRolesEverybodyWhoIsKnownIsAuthorized() {
        assertThat(metadata(Show.WHEN_AUTHORIZED, Set.of(), user("guest"))).containsEntry("job", 42);
    }

    @Test
    void withRolesOnlyTheyAreAuthorized() {
        assertThat(metadata(Show.WHEN_AUTHORIZED, Set.of("admin"), user("admin")))
                .containsEntry("job", 42);
        assertThat(metadata(Show.WHEN_AUTHORIZED, Set.of("admin"), user("guest")))
                .containsEntry("job", "******");
    }

    @Test
    void aStorageThatFailsIsUnavailable() throws IOException {
        Path caches = root.resolve("monolith-cache/caches");
        Files.move(caches, root.resolve("elsewhere"));
        Files.createFile(caches);
        WebEndpointResponse<OperationResponseBody> answer =
                extension(Show.NEVER, Set.of()).directories(SecurityContext.NONE, null, null);
        assertThat(answer.getStatus()).isEqualTo(503);
        assertThat(answer.getBody())
                .isInstanceOfSatisfying(
                        EndpointProblem.class,
                        problem -> assertThat(problem.detail()).contains("caches"));
    }

    private Map<String, Object> metadata(Show show, Set<String> roles, SecurityContext context) {
        WebEndpointResponse<OperationResponseBody> answer =
                extension(show, roles).directory(context, directory.id().value());
        return ((CacheDirectoryDescriptor) answer.getBody()).metadata();
    }

    private CacheDirectoriesEndpointWebExtension extension(Show show, Set<String> roles) {
        return new CacheDirectoriesEndpointWebExtension(new CacheDirectoriesEndpoint(manager, show), show, roles);
    }

    private static SecurityContext user(String itsRole) {
        return new SecurityContext() {

            @Override
            public Principal getPrincipal() {
                return () -> "somebody";
            }

            @Override
            public boolean isUserInRole(String role) {
                return role.equals(itsRole);
            }
        };
    }
}
