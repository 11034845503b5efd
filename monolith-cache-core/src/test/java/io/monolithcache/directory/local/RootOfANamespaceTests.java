// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.monolithcache.directory.CacheRootException;
import io.monolithcache.directory.OrphanPolicy;
import io.monolithcache.owner.RootLocator.Place;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A registry with several namespaces keeps a root in one of them. */
class RootOfANamespaceTests extends RootsInOneFolder {

    private LocalRoot of(String namespace) {
        return new LocalRoot(Place.of(folder), "redis", namespace, OrphanPolicy.KEEP, false, path -> "ext4");
    }

    /** What the file was before it named a namespace. */
    private void forgetNamespace() throws IOException {
        Files.writeString(format(), Files.readString(format()).replaceAll("namespace=.*\n", ""));
    }

    @Test
    void theFormatTellsTheNamespace() {
        LocalRoot root = of("shop");

        root.open();

        assertThat(format()).hasContent("version=1\nroot=" + root.id() + "\nregistry=redis\nnamespace=shop");
        assertThat(of("shop").look()).isTrue();
    }

    @Test
    void anotherNamespaceIsRefusedAtTheStart() {
        of("shop").open();

        assertRefuses(of("billing"), "in the namespace 'shop'", "monolith.cache.redis.namespace=shop");
    }

    @Test
    void oneThatAnotherTookMeanwhileIsRefusedWhenItIsOpened() {
        LocalRoot late = of("billing");
        late.look();
        of("shop").open();

        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(late::open)
                .withMessageContaining("'shop'");
        assertThatExceptionOfType(CacheRootException.class)
                .isThrownBy(() -> late.check(false))
                .withMessageContaining("'shop'");
    }

    /** What is left by the other one is not taken for orphans. */
    @Test
    void aRootThatWasRefusedIsNotIntact() throws IOException {
        LocalRoot late = of("billing");
        late.look();
        LocalRoot ofFiles = root();
        ofFiles.look();
        of("shop").open();
        assertThatExceptionOfType(CacheRootException.class).isThrownBy(late::open);
        assertThatExceptionOfType(CacheRootException.class).isThrownBy(ofFiles::open);

        assertThat(late.isIntact()).isFalse();
        assertThat(ofFiles.isIntact()).isFalse();
    }

    @Test
    void aRootWithoutOneIsItsWhoOpensItFirst() throws IOException {
        LocalRoot before = of("shop");
        before.open();
        forgetNamespace();
        assertThat(of("billing").look()).isTrue();

        LocalRoot first = of("shop");
        first.open();

        assertThat(first.id()).isEqualTo(before.id());
        assertThat(format()).content().endsWith("\nnamespace=shop\n");
        assertRefuses(of("billing"), "in the namespace 'shop'", "monolith.cache.local.path");
    }

    @Test
    void aNamespaceThatIsNotedLaterLeavesTheRootIntact() throws IOException {
        of("shop").open();
        forgetNamespace();
        LocalRoot looking = of("shop");
        looking.look();
        LocalRoot stranger = of("billing");
        stranger.look();

        of("shop").open();

        assertThat(looking.isIntact()).isTrue();
        assertThat(stranger.isIntact()).isFalse();
    }
}
