// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.jobs;

import io.monolithcache.directory.CacheDescription;
import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheNotFoundException;
import io.monolithcache.directory.CacheOptions;
import io.monolithcache.sample.WorkingDirectories;
import io.monolithcache.sample.profile.Format;
import io.monolithcache.sample.profile.Profile;
import io.monolithcache.sample.profile.Profiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes jobs, finds them, keeps them, and lets them go.
 *
 * <p>A job is made in a draft, a cache directory on the disk that is gone when the method returns, however it returns;
 * what is finished is renamed, or in S3 uploaded, into the job's own directory. So there is no half-made job to be
 * listed or cleaned up, and its time begins when its profile is ready.
 */
@Service
public class Jobs {

    private final CacheManager caches;
    private final JobIndex index;
    private final HeldJobs held;
    private final KeptJobs kept;
    private final Profiler profiler;
    private final JsonMapper json;
    private final JobProperties properties;

    Jobs(
            CacheManager caches,
            JobIndex index,
            HeldJobs held,
            KeptJobs kept,
            Profiler profiler,
            JsonMapper json,
            JobProperties properties) {
        this.caches = caches;
        this.index = index;
        this.held = held;
        this.kept = kept;
        this.profiler = profiler;
        this.json = json;
        this.properties = properties;
    }

    /**
     * Makes a job of an upload.
     *
     * @param name what it was called by whoever sent it
     * @throws io.monolithcache.sample.profile.UnreadableInputException if it is no table
     */
    public Job add(String name, Upload upload) throws IOException {
        try (CacheDirectory draft = caches.create(WorkingDirectories.OPTIONS.metadata("purpose", "draft"))) {
            Path folder = draft.path();
            Path received = folder.resolve("upload");
            upload.moveTo(received);
            Format format = Format.of(name, received);
            Files.move(received, folder.resolve(format.fileName()));
            Profile profile = profiler.profile(folder, format);
            json.writeValue(folder.resolve(OpenJob.PROFILE), profile);
            return publish(folder, name, format, profile.rows());
        }
    }

    private Job publish(Path draft, String name, Format format, long rows) throws IOException {
        CacheDirectory job = caches.create(CacheOptions.defaults().closeAfter(properties.closeAfter()));
        try {
            for (String file : List.of(format.fileName(), Profiler.PARQUET, OpenJob.PROFILE)) {
                move(draft.resolve(file), job, file);
            }
            new JobMetadata(name, rows).putInto(job);
            held.put(job);
        } catch (IOException | RuntimeException e) {
            job.close();
            throw e;
        }
        return get(job.id());
    }

    /** Renames the file on the disk, however large it is; elsewhere it has to be copied. */
    private static void move(Path file, CacheDirectory job, String name) throws IOException {
        if ("file".equals(job.location().getScheme())) {
            Files.move(file, job.path().resolve(name));
        } else {
            job.upload(file, name);
        }
    }

    /**
     * Opens a job, of whichever process. While it is open, it does not go.
     *
     * @throws JobNotFoundException if there is none
     */
    public OpenJob open(CacheId id) {
        kept.attach();
        // before this process is one of its owners
        Optional<CacheDescription> cache =
                caches.find(id).filter(found -> JobMetadata.in(found).isPresent());
        CacheDirectory directory = attach(id);
        return cache.map(job -> new OpenJob(job, directory, json)).orElseThrow(() -> {
            directory.close();
            return new JobNotFoundException(id);
        });
    }

    private CacheDirectory attach(CacheId id) {
        try {
            return caches.attach(id);
        } catch (CacheNotFoundException e) {
            throw new JobNotFoundException(id, e);
        }
    }

    /** A job with its profile. */
    public Job get(CacheId id) {
        try (OpenJob job = open(id)) {
            return job.read();
        }
    }

    /** A page of jobs, newest first. */
    public JobPage list(@Nullable CacheId after, int limit) {
        kept.attach();
        List<JobSummary> jobs = new ArrayList<>();
        for (CacheId id : index.after(after)) {
            if (jobs.size() == limit) {
                return page(jobs, jobs.get(limit - 1).id());
            }
            caches.find(id).flatMap(JobSummary::of).ifPresent(jobs::add);
        }
        return page(jobs, null);
    }

    private JobPage page(List<JobSummary> jobs, @Nullable String next) {
        return new JobPage(jobs, next, caches.storages().get(0));
    }

    /**
     * Keeps a job: it outlives its time and every process. The new handle has no time, and takes the place of the one
     * that has.
     */
    public synchronized Job keep(CacheId id) {
        try (OpenJob job = open(id)) {
            CacheDirectory kept = attach(id);
            try {
                kept.lock();
                if (!JobMetadata.isIn(kept)) {
                    kept.unlock();
                    throw new JobNotFoundException(id);
                }
            } catch (RuntimeException e) {
                kept.close();
                throw e;
            }
            held.put(kept);
        }
        return get(id);
    }

    /**
     * Lets a job go, also a kept one. Who has it open, for instance for a download, finishes first; another process
     * that holds it, because it made or kept it, finds out with its next sweep.
     */
    public synchronized void delete(CacheId id) {
        if (!held.contains(id)) {
            open(id).close();
        }
        try (CacheDirectory last = attach(id)) {
            // in this order: a process that dies in between leaves a job that can be deleted again
            last.unlock();
            held.remove(id);
            JobMetadata.removeFrom(last);
            // if another process kept it in between
            last.unlock();
        }
    }
}
