// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import io.monolithcache.directory.CacheId;
import io.monolithcache.sample.jobs.Jobs;
import io.monolithcache.sample.jobs.OpenJob;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Sends the files of jobs. */
@RestController
class DownloadController {

    private final Jobs jobs;

    DownloadController(Jobs jobs) {
        this.jobs = jobs;
    }

    /**
     * Writes the response here and now, so that the job is open for exactly as long as its bytes flow: a download that
     * has begun ends well, even if the job's time is up meanwhile.
     */
    @GetMapping("/jobs/{id}/files/{name}")
    void send(
            @PathVariable CacheId id,
            @PathVariable String name,
            HttpServletRequest request,
            HttpServletResponse response)
            throws ServletException, IOException {
        try (OpenJob job = jobs.open(id)) {
            boolean inParts = request.getHeader(HttpHeaders.RANGE) != null;
            Resource file = (inParts ? job.seekable(name) : job.file(name))
                    .orElseThrow(() -> new ResponseStatusException(
                            HttpStatus.NOT_FOUND, "Job " + id + " has no file of this name."));
            new Download(file, name, job.name()).handleRequest(request, response);
        }
    }
}
