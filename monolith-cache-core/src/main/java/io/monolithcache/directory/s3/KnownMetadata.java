// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.s3.MetadataVersions.Version;
import io.monolithcache.directory.s3.S3Objects.Found;
import io.monolithcache.directory.s3.S3Objects.Listed;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Versions of metadata that were read lately: a version does not change, so it is read once. At most some 4 MiB. */
final class KnownMetadata {

    private static final int MOST = 1_000;
    private static final int LARGEST = 4 * 1024;

    private final S3Objects objects;

    private final Map<String, Version> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Version> eldest) {
            return size() > MOST;
        }
    };

    KnownMetadata(S3Objects objects) {
        this.objects = objects;
    }

    /** What a version that was listed says; null if it is gone. */
    @Nullable Version read(Listed listed) {
        // of that very content, because somebody may have overwritten it by hand
        String key = listed.etag() + " " + listed.key();
        synchronized (known) {
            Version version = known.get(key);
            if (version != null) {
                return version;
            }
        }
        Found found = objects.get(listed.key());
        if (found == null) {
            return null;
        }
        Version version = Version.read(found.content());
        if (found.content().length <= LARGEST && listed.etag().equals(found.etag())) {
            synchronized (known) {
                known.put(key, version);
            }
        }
        return version;
    }

    /** Whether a version says that its cache was removed; costs nothing for those that are not as long. */
    boolean saysRemoved(Listed listed) {
        if (listed.size() != Version.REMOVED_SIZE) {
            return false;
        }
        Version version = read(listed);
        return version == null || version.saysRemoved();
    }
}
