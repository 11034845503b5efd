// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.crash;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What is left in a bucket. Rule 4: nothing but {@code format}, caches with a lock, owners that live, and what the
 * horizon keeps: states of caches that were wiped, old versions, and dead marks.
 */
final class S3Remains {

    /** What the store tells is to the second, and sweeps come when they come. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final String FIRST = "00000000000000000001";

    private final S3Client client;
    private final String bucket;

    S3Remains(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    private List<S3Object> all() {
        return client.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
                .toList();
    }

    private static String relative(S3Object object) {
        return object.key().startsWith(S3Setup.PREFIX) ? object.key().substring(S3Setup.PREFIX.length()) : "?";
    }

    private static String part(S3Object object, int number) {
        String[] parts = relative(object).split("/", 3);
        return number < parts.length ? parts[number] : "";
    }

    private static Map<String, List<S3Object>> below(String folder, List<S3Object> all) {
        return all.stream()
                .filter(object -> part(object, 0).equals(folder))
                .collect(Collectors.groupingBy(object -> part(object, 1), TreeMap::new, Collectors.toList()));
    }

    /** What should not be there while the owners live. */
    List<String> violations(Predicate<String> mayBeLocked) {
        List<S3Object> all = all();
        List<String> violations = new ArrayList<>();
        Set<String> locked = new TreeSet<>();
        below("registry", all).forEach((id, versions) -> {
            String state = text(versions.get(versions.size() - 1));
            if (!part(versions.get(0), 2).equals(FIRST)) {
                violations.add("left behind: the state of cache " + id + " without a first version");
            } else if (isLocked(state) && mayBeLocked.test(id)) {
                locked.add(id);
            } else if (!state.contains("\"phase\":\"wiped\"")) {
                violations.add("left behind: cache " + id + ", which says " + state);
            }
            old(versions, violations);
        });
        below("owners", all).values().forEach(links -> old(links, violations));
        for (S3Object object : all) {
            String folder = part(object, 0);
            boolean isExpected = relative(object).equals("format")
                    || (folder.equals("caches") && locked.contains(part(object, 1)))
                    || (folder.equals("sums") && locked.contains(part(object, 1)))
                    || folder.equals("registry")
                    || folder.equals("owners");
            if (!isExpected) {
                violations.add("left behind: " + object.key());
            }
        }
        client.listMultipartUploads(request -> request.bucket(bucket))
                .uploads()
                .forEach(upload -> violations.add("left behind: an upload to " + upload.key()));
        return violations;
    }

    private static boolean isLocked(String state) {
        return state.contains("\"phase\":\"live\"") && state.contains("\"lock\"") && state.contains("\"owners\":{}");
    }

    /** All but the first and the highest, when what follows them is older than the horizon; and what is over. */
    private void old(List<S3Object> chain, List<String> violations) {
        Instant horizon = Instant.now().minus(S3Setup.HORIZON).minus(SLACK);
        for (int i = 1; i < chain.size() - 1; i++) {
            if (chain.get(i + 1).lastModified().isBefore(horizon)) {
                violations.add("left behind: " + chain.get(i).key() + " of " + chain.size());
            }
        }
        S3Object last = chain.get(chain.size() - 1);
        boolean isOver = last.size() == 0 || text(last).contains("\"phase\":\"wiped\"");
        if (isOver && last.lastModified().isBefore(horizon)) {
            violations.add("left behind: " + last.key() + ", which ends its chain");
        }
    }

    /** Nothing that is expected, if it has gone since it was listed: whoever waits looks again. */
    private String text(S3Object object) {
        try {
            return client.getObjectAsBytes(request -> request.bucket(bucket).key(object.key()))
                    .asUtf8String();
        } catch (NoSuchKeyException gone) {
            return "gone meanwhile";
        }
    }

    /** When nobody lives and the horizon has passed: also what is kept for so long. */
    List<String> violationsInTheEnd(Predicate<String> mayBeLocked) {
        List<String> violations = violations(mayBeLocked);
        Set<String> caches = caches();
        for (S3Object object : all()) {
            String folder = part(object, 0);
            if (folder.equals("owners") || (folder.equals("registry") && !caches.contains(part(object, 1)))) {
                violations.add("left behind in the end: " + object.key());
            }
        }
        return violations;
    }

    /** Those that have data. */
    Set<String> caches() {
        return below("caches", all()).keySet();
    }
}
