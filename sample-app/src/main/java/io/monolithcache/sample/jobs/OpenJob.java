// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.sample.profile.Format;
import io.monolithcache.sample.profile.Profile;
import io.monolithcache.sample.profile.Profiler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import tools.jackson.databind.json.JsonMapper;

/**
 * A job that cannot go as long as this is open, even if its time is up or somebody deletes it: a handle of its own on
 * the job's cache directory, which is where everything is that a job is.
 *
 * <pre>
 * input.csv or input.jsonl   what was sent
 * data.parquet               the same as Parquet
 * profile.json               what is in it
 * meta.json                  the cache's metadata, with "job": {"name", "rows"}
 * </pre>
 */
public final class OpenJob implements AutoCloseable {

    static final String PROFILE = "profile.json";

    private static final List<String> FILES = Stream.concat(
                    Arrays.stream(Format.values()).map(Format::fileName), Stream.of(Profiler.PARQUET, PROFILE))
            .toList();

    private final CacheDescription cache;
    private final CacheDirectory directory;
    private final JsonMapper json;

    /** @param cache what was known when it was opened: what is deleted meanwhile can be read to its end */
    OpenJob(CacheDescription cache, CacheDirectory directory, JsonMapper json) {
        this.cache = cache;
        this.directory = directory;
        this.json = json;
    }

    /** What the upload was called. */
    public String name() {
        return summary().name();
    }

    /** The job with its profile. */
    public Job read() {
        Profile profile = json.readValue(directory.download(PROFILE), Profile.class);
        JobSummary job = summary();
        return new Job(job.id(), job.name(), job.createdAt(), profile, job.directory(), files());
    }

    /** Its files that are there. */
    public List<JobFile> files() {
        return FILES.stream()
                .filter(directory::exists)
                .map(file -> new JobFile(file, size(file)))
                .toList();
    }

    private JobSummary summary() {
        return JobSummary.of(cache).orElseThrow(() -> new JobNotFoundException(cache.id()));
    }

    /**
     * One of its files, to be read from its begin to its end. Every other name there is none for: no name of a client's
     * gets near a path.
     */
    public Optional<Resource> file(String name) {
        return FILES.contains(name) && directory.exists(name)
                ? Optional.of(directory.resource(name))
                : Optional.empty();
    }

    /**
     * The same to be read anywhere: from S3 it is copied first, and the copy goes with the last who has the job open.
     */
    public Optional<Resource> seekable(String name) {
        return file(name).map(original -> new FileSystemResource(directory.download(name)) {
            @Override
            public long lastModified() throws IOException {
                return original.lastModified();
            }
        });
    }

    private long size(String file) {
        try {
            return directory.resource(file).contentLength();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
