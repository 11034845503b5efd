// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.redis;

import io.monolithcache.directory.CacheId;

/**
 * The names of all keys, for instance of the namespace {@code monolith}:
 *
 * <pre>
 * {monolith}:epoch                    hash: id, since, server (run_id), lease, format, beaten
 * {monolith}:owner:4711-179…-5f0c….2  string with PX: host|pid|since, the lease of an owner's second incarnation
 * {monolith}:owner:4711-179…-5f0c…    the same for the folder in which it prepares things: whether that may go
 * {monolith}:cache:01k8…              hash: phase, forced, epoch, location, root, created, lock, o:&lt;incarnation&gt; …
 * {monolith}:roots                    set of root ids
 * {monolith}:unused                   sorted set: when Redis forgets a root in which nobody lives
 * {monolith}:index:&lt;root&gt;             sorted set of cache ids by creation time
 * {monolith}:owners:&lt;root&gt;            set of incarnations that may hold something there
 * {monolith}:due:&lt;root&gt;               sorted set: when a sweep has something to do
 * </pre>
 *
 * <p>The braces put them all into one slot of a cluster, so that a script sees a lease and a cache together.
 */
record RedisKeys(String namespace) {

    String epoch() {
        return key("epoch");
    }

    String roots() {
        return key("roots");
    }

    String unused() {
        return key("unused");
    }

    String owner(String name) {
        return key("owner:" + name);
    }

    String cache(CacheId id) {
        return key("cache:" + id);
    }

    String index(String root) {
        return key("index:" + root);
    }

    String owners(String root) {
        return key("owners:" + root);
    }

    String due(String root) {
        return key("due:" + root);
    }

    private String key(String name) {
        return "{" + namespace + "}:" + name;
    }
}
