// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/**
 * Where in S3 caches are kept: a bucket, and a prefix that is shared by all keys.
 *
 * @param prefix empty, or with a slash at its end
 */
public record S3Place(String bucket, String prefix) {

    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");

    /** Keys have at most 1,024 bytes, of which names of files need some. */
    private static final int LONGEST_PREFIX = 512;

    /** @throws IllegalArgumentException if this is no bucket, or no prefix */
    public S3Place {
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException("'" + bucket + "' is no name of an S3 bucket");
        }
        if (!prefix.isEmpty() && !isPrefix(prefix)) {
            throw new IllegalArgumentException("'" + prefix + "' is no prefix for caches: it has parts between slashes,"
                    + " none of which is empty, '.' or '..', no control characters, and at most " + LONGEST_PREFIX
                    + " characters");
        }
    }

    /**
     * Reads {@code s3://bucket} or {@code s3://bucket/some/prefix}, with or without a slash at its end.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static S3Place of(String path) {
        if (!path.startsWith("s3://")) {
            throw new IllegalArgumentException("'" + path + "' is not of the form s3://bucket/prefix");
        }
        String rest = path.substring("s3://".length());
        int slash = rest.indexOf('/');
        String bucket = slash < 0 ? rest : rest.substring(0, slash);
        String prefix = slash < 0 ? "" : rest.substring(slash + 1);
        return new S3Place(bucket, prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
    }

    private static boolean isPrefix(String prefix) {
        if (prefix.length() > LONGEST_PREFIX || !prefix.endsWith("/")) {
            return false;
        }
        for (String part : prefix.substring(0, prefix.length() - 1).split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return prefix.chars().noneMatch(Character::isISOControl);
    }

    /** The location of what has a key below the prefix. */
    URI uri(String key) {
        try {
            return new URI("s3", bucket, "/" + prefix + key, null, null);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Where that is, as people write it. */
    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix;
    }
}
