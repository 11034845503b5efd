// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.autoconfigure.MonolithCacheProperties.ArchiveType;
import io.monolithcache.directory.s3.S3Place;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Checks what is said about the archive behind a store. */
final class ArchiveChoice {

    private final MonolithCacheProperties.Archive archive;
    private final String type;
    private final String location;
    private final @Nullable ClassLoader classLoader;
    private final List<InvalidSetting> problems;

    /**
     * Of one store.
     *
     * @param prefix of the properties, for instance {@code monolith.cache.files.archive.}
     * @param problems to which it adds what is wrong
     */
    ArchiveChoice(
            String prefix,
            MonolithCacheProperties.Archive archive,
            @Nullable ClassLoader classLoader,
            List<InvalidSetting> problems) {
        this.archive = archive;
        this.type = prefix + "type";
        this.location = prefix + "location";
        this.classLoader = classLoader;
        this.problems = problems;
    }

    void check() {
        String where = archive.location();
        if (archive.type() == ArchiveType.NONE) {
            if (where != null) {
                refuse(
                        location,
                        "is set, but '" + type + "' is 'none', so nothing is archived there.",
                        "Set " + type + " to 'directory' or 's3', or remove " + location + ".");
            }
            return;
        }
        String word = archive.type().name().toLowerCase(Locale.ROOT);
        if (where == null) {
            refuse(
                    location,
                    "is not set, but '" + type + "' is '" + word + "'.",
                    "Set " + location + " to where the archive is, or remove " + type + ".");
        } else if (archive.type() == ArchiveType.DIRECTORY) {
            Object unused = PathSetting.read(location, where, problems);
        } else {
            checkPlace(where);
        }
        if (archive.type() == ArchiveType.S3) {
            checkLibrary();
        }
        // Better no start than files that somebody believes to be archived.
        refuse(
                type,
                "is '" + word + "', but this version of Monolith Cache has no archives yet.",
                "Remove " + type + " and " + location + ".");
    }

    private void checkPlace(String where) {
        try {
            S3Place unused = S3Place.of(where);
        } catch (IllegalArgumentException wrong) {
            refuse(
                    location,
                    "is '" + where + "': " + wrong.getMessage() + ".",
                    "Set " + location + " to a bucket and a prefix, for instance s3://bucket/files.");
        }
    }

    private void checkLibrary() {
        if (!ClassUtils.isPresent("software.amazon.awssdk.services.s3.S3Client", classLoader)) {
            refuse(
                    type,
                    "is 's3', but the AWS SDK is not on the class path.",
                    "Add io.awspring.cloud:spring-cloud-aws-starter-s3:" + StorageChoice.SPRING_CLOUD_AWS
                            + " to the dependencies, or remove " + type + ".");
        }
    }

    private void refuse(String property, String what, String action) {
        problems.add(new InvalidSetting(property, "The property '" + property + "' " + what, action));
    }
}
