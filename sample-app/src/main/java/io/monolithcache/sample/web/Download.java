// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.ResourceHttpMessageConverter;
import org.springframework.http.converter.ResourceRegionHttpMessageConverter;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

/** Sends one file, with what Spring knows of ranges, conditions and HEAD. Used once. */
final class Download extends ResourceHttpRequestHandler {

    private static final Map<String, String> TYPES = Map.of(
            "csv", "text/csv;charset=UTF-8",
            "jsonl", "application/x-ndjson",
            "json", "application/json",
            "parquet", "application/vnd.apache.parquet");

    private final Resource file;
    private final String saveAs;
    private final String type;

    /**
     * @param file the file
     * @param name what it is called in the job
     * @param uploadName what the job's upload was called: {@code sales.csv} has a {@code sales.parquet}
     */
    Download(Resource file, String name, String uploadName) {
        String extension = StringUtils.getFilenameExtension(name);
        this.file = file;
        this.saveAs = StringUtils.stripFilenameExtension(uploadName) + "." + extension;
        setResourceHttpMessageConverter(new ResourceHttpMessageConverter());
        setResourceRegionHttpMessageConverter(new ResourceRegionHttpMessageConverter());
        this.type = TYPES.getOrDefault(extension, MediaType.APPLICATION_OCTET_STREAM_VALUE);
    }

    @Override
    protected Resource getResource(HttpServletRequest request) {
        return file;
    }

    @Override
    protected MediaType getMediaType(HttpServletRequest request, Resource resource) {
        return MediaType.parseMediaType(type);
    }

    /** As an attachment and never sniffed: somebody else's upload must not run as a page of ours. */
    @Override
    protected void setHeaders(HttpServletResponse response, Resource resource, @Nullable MediaType mediaType)
            throws IOException {
        super.setHeaders(response, resource, mediaType);
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename(saveAs, StandardCharsets.UTF_8)
                        .build()
                        .toString());
        response.setHeader("X-Content-Type-Options", "nosniff");
    }
}
