// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheUsage;
import io.monolithcache.directory.RelativeName;
import io.monolithcache.directory.s3.S3Objects.Listed;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** The objects of caches that are files of the user. */
final class S3Files {

    private final S3Objects objects;

    S3Files(S3Objects objects) {
        this.objects = objects;
    }

    String key(CacheId id, RelativeName name) {
        return S3Layout.file(objects.place(), id, name);
    }

    /** Null if there is no such file. */
    @Nullable HeadObjectResponse head(String key) {
        try {
            return objects.client()
                    .headObject(request -> request.bucket(objects.bucket())
                            .key(objects.full(key))
                            .overrideConfiguration(objects::again));
        } catch (SdkException failure) {
            if (S3Failures.isMissing(failure)) {
                return null;
            }
            throw objects.failures().of("look for " + key, failure);
        }
    }

    Stream<String> names(CacheId id) {
        return files(id).map(object -> name(id, object));
    }

    private Stream<Listed> files(CacheId id) {
        return objects.all(S3Layout.cache(id)).filter(object -> isFile(id, object));
    }

    /** Consoles of S3 make empty objects that end with a slash, to show folders; a file has no such name. */
    private static boolean isFile(CacheId id, Listed object) {
        String name = name(id, object);
        return !name.isEmpty() && !name.endsWith("/") && !RelativeName.isReserved(name);
    }

    private static String name(CacheId id, Listed object) {
        return object.key().substring(S3Layout.cache(id).length());
    }

    CacheUsage usage(CacheId id) {
        long files = 0;
        long bytes = 0;
        for (Iterator<Listed> all = files(id).iterator(); all.hasNext(); files++) {
            bytes += all.next().size();
        }
        return new CacheUsage(files, bytes);
    }

    /** All objects with their versions, as one number. */
    long changes(CacheId id) {
        return objects.all(S3Layout.cache(id))
                .mapToLong(object ->
                        31L * (31L * object.key().hashCode() + object.etag().hashCode())
                                + object.lastModified().toEpochMilli())
                .sum();
    }

    /** Deletes all that a cache has. */
    void deleteAll(CacheId id) {
        long unused = objects.deleteAll(S3Layout.cache(id)) + objects.deleteAll(S3Layout.sums(id));
    }
}
