// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.local;

import io.monolithcache.directory.CacheId;
import java.nio.file.Path;

/**
 * The places below a root:
 *
 * <pre>
 * monolith-cache/
 *   CACHEDIR.TAG
 *   caches/01k8…/                     the user's files and meta.json
 *   caches/01k8…/.wiping/4711-179…-…  one empty file per wiper that is about to make it vanish
 *   .monolith/format                  version, root id, which registry keeps this root, in which namespace
 *   .monolith/owners/4711-179…-5f0c…  locked while the owner lives
 *   .monolith/refs/01k8…/4711-179…    one empty file per reference; locked and locked-until-179… are locks
 *   .monolith/prepared/4711-179…/     made ahead, or being written
 *   .monolith/metadata/07             OS locks for changes of meta.json, striped by id
 *   .monolith/starting                OS lock of whoever writes the format
 *   .monolith/sweeping                OS lock of the one sweep
 *   .monolith/trash/01k8…-5f0c…       on its way out
 * </pre>
 */
record Layout(Path base) {

    static final String FOLDER = "monolith-cache";

    Path caches() {
        return base.resolve("caches");
    }

    Path cache(CacheId id) {
        return caches().resolve(id.value());
    }

    Path internal() {
        return base.resolve(".monolith");
    }

    Path format() {
        return internal().resolve("format");
    }

    Path owners() {
        return internal().resolve("owners");
    }

    Path refs() {
        return internal().resolve("refs");
    }

    Path refs(CacheId id) {
        return refs().resolve(id.value());
    }

    Path prepared() {
        return internal().resolve("prepared");
    }

    Path metadataLocks() {
        return internal().resolve("metadata");
    }

    Path starting() {
        return internal().resolve("starting");
    }

    Path sweeping() {
        return internal().resolve("sweeping");
    }

    Path trash() {
        return internal().resolve("trash");
    }
}
