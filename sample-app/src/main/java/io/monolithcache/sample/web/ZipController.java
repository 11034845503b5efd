// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.directory.CacheId;
import io.monolithcache.sample.jobs.JobFile;
import io.monolithcache.sample.jobs.Jobs;
import io.monolithcache.sample.jobs.OpenJob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Sends the files of several jobs as one archive. It is made whole in the directory of the request before its first
 * byte is sent, so a missing job or a full disk gets a clear answer; and it is gone when its last byte was.
 */
@RestController
class ZipController {

    private static final int MOST_JOBS = 100;

    private final Jobs jobs;

    ZipController(Jobs jobs) {
        this.jobs = jobs;
    }

    /** Whose files to send. */
    record Wanted(@Nullable List<@Nullable String> ids) {}

    @PostMapping(path = "/jobs/zip", consumes = MediaType.APPLICATION_JSON_VALUE, produces = "application/zip")
    ResponseEntity<Resource> zip(@RequestBody Wanted wanted, CacheDirectory work) throws IOException {
        Path archive = work.path().resolve("jobs.zip");
        write(ids(wanted), archive);
        return ResponseEntity.ok()
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("jobs.zip")
                                .build()
                                .toString())
                .body(new FileSystemResource(archive));
    }

    private static Set<CacheId> ids(Wanted wanted) {
        List<@Nullable String> ids = wanted.ids();
        if (ids == null || ids.isEmpty() || ids.size() > MOST_JOBS) {
            throw new BadRequestException(
                    "Name 1 to " + MOST_JOBS + " jobs, as in: {\"ids\": [\"01m7wxdr2sp3rppsz5xs3hxygc\"]}");
        }
        Set<CacheId> valid = new LinkedHashSet<>();
        for (String id : ids) {
            if (id == null || !CacheId.isValid(id)) {
                throw new BadRequestException(
                        "'" + id + "' is not the id of a job: an id has 26 digits and lower-case letters.");
            }
            valid.add(CacheId.of(id));
        }
        return valid;
    }

    private void write(Set<CacheId> ids, Path archive) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (CacheId id : ids) {
                try (OpenJob job = jobs.open(id)) {
                    for (JobFile file : job.files()) {
                        add(job.file(file.name()).orElseThrow(), id + "/" + file.name(), zip);
                    }
                }
            }
        }
    }

    private static void add(Resource file, String name, ZipOutputStream zip) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        try (InputStream content = file.getInputStream()) {
            content.transferTo(zip);
        }
        zip.closeEntry();
    }
}
