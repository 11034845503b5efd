// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import io.monolithcache.directory.CacheId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Caches are keys of a bucket. The readable copy of metadata may be missing, since it is for people only. */
record BucketSight(S3Client client, String bucket) implements Sight {

    private static final String CACHES = S3Setup.PREFIX + "caches/";

    @Override
    public List<CacheId> ids() {
        try {
            ListObjectsV2Response found = client.listObjectsV2(
                    request -> request.bucket(bucket).prefix(CACHES).delimiter("/"));
            return found.commonPrefixes().stream()
                    .map(folder -> folder.prefix()
                            .substring(CACHES.length(), folder.prefix().length() - 1))
                    .map(CacheId::of)
                    .toList();
        } catch (SdkException unreachable) {
            return List.of();
        }
    }

    @Override
    public @Nullable String missing(CacheId id, String file) {
        String key =
                file.isEmpty() ? S3Setup.PREFIX + "registry/" + id + "/00000000000000000001" : CACHES + id + "/" + file;
        try {
            var unused = client.headObject(request -> request.bucket(bucket).key(key));
            return null;
        } catch (NoSuchKeyException missing) {
            return key;
        } catch (SdkException unreachable) {
            return null;
        }
    }

    @Override
    public boolean isCheap() {
        return false;
    }
}
