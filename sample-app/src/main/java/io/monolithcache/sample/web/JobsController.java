// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.sample.jobs.Job;
import io.monolithcache.sample.jobs.JobPage;
import io.monolithcache.sample.jobs.Jobs;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Jobs over HTTP. The mappings say what they produce, so that a request for anything else is refused before it is
 * carried out, not after.
 */
@RestController
@RequestMapping("/jobs")
class JobsController {

    static final String FIELD = "file";

    private static final int LARGEST_PAGE = 100;

    private final Jobs jobs;

    JobsController(Jobs jobs) {
        this.jobs = jobs;
    }

    /** {@link Part}, not Spring's {@code MultipartFile}: its {@code write} renames what was spooled, and says so. */
    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Job> add(
            @RequestPart(FIELD) List<Part> files,
            @RequestParam MultiValueMap<String, Part> all,
            CacheDirectory received)
            throws IOException {
        MultipartFields.requireOnly(all.keySet(), FIELD);
        if (files.size() > 1) {
            throw new BadRequestException("There are " + files.size() + " files in the request. Send one at a time.");
        }
        Part file = files.get(0);
        Job job = jobs.add(UploadName.of(file), target -> move(file, received, target));
        return ResponseEntity.created(URI.create("/jobs/" + job.id())).body(job);
    }

    /** Asks for the directory first: if that is lost, this is what is to be said, and not that there is no file. */
    private static void move(Part file, CacheDirectory received, Path target) throws IOException {
        Path unused = received.path();
        file.write(target.toString());
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    JobPage list(
            @RequestParam(required = false) @Nullable CacheId after, @RequestParam(defaultValue = "20") int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new BadRequestException("limit must be 1 to " + LARGEST_PAGE + ", not " + limit + ".");
        }
        return jobs.list(after, limit);
    }

    @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    Job get(@PathVariable CacheId id) {
        return jobs.get(id);
    }

    @PostMapping(path = "/{id}/keep", produces = MediaType.APPLICATION_JSON_VALUE)
    Job keep(@PathVariable CacheId id) {
        return jobs.keep(id);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable CacheId id) {
        jobs.delete(id);
    }
}
