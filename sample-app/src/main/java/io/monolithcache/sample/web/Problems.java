// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import io.monolithcache.directory.CacheBackendException;
import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheLostException;
import io.monolithcache.directory.CacheManager;
import io.monolithcache.directory.CacheRegistryException;
import io.monolithcache.sample.jobs.JobNotFoundException;
import io.monolithcache.sample.profile.UnreadableInputException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Map;
import java.util.Objects;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.impl.FileCountLimitExceededException;
import org.apache.tomcat.util.http.fileupload.impl.SizeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.servlet.autoconfigure.MultipartProperties;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import tools.jackson.core.JacksonException;

/** Problems (RFC 9457) with a sentence that helps. What is not named here, Spring Boot answers with a shorter one. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    /** What each path that takes a body wants to be sent. */
    private static final Map<String, String> HOW_TO_SEND = Map.of(
            "/jobs",
            "Send the file as the field '" + JobsController.FIELD
                    + "' of a multipart/form-data request, as in: curl -F file=@table.csv …/jobs",
            "/compare",
            "Send two tables as the fields '" + CompareController.LEFT + "' and '" + CompareController.RIGHT
                    + "' of a multipart/form-data request, as in: curl -F left=@old.csv -F right=@new.csv …/compare",
            "/jobs/zip",
            "Send the ids of jobs as JSON, as in: curl -H 'Content-Type: application/json'"
                    + " -d '{\"ids\": [\"01m7wxdr2sp3rppsz5xs3hxygc\"]}' …/jobs/zip");

    private final MultipartProperties limits;
    private final CacheManager caches;

    Problems(MultipartProperties limits, CacheManager caches) {
        this.limits = limits;
        this.caches = caches;
    }

    @ExceptionHandler
    ProblemDetail unreadable(UnreadableInputException e) {
        return problem(HttpStatus.UNPROCESSABLE_CONTENT, e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail bad(BadRequestException e) {
        return problem(HttpStatus.BAD_REQUEST, e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail noSuchJob(JobNotFoundException e) {
        return problem(HttpStatus.NOT_FOUND, e.getMessage());
    }

    /** A job, or, where something was sent, what it was being worked on in. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> lost(CacheLostException e, HttpServletRequest request) {
        if (!HOW_TO_SEND.containsKey(request.getServletPath())) {
            return ResponseEntity.of(problem(HttpStatus.NOT_FOUND, e.getMessage()))
                    .build();
        }
        log.warn("A request lost its directory: {}", e.getMessage());
        return unavailable("What this request had sent is gone: this service stood still for too long, or somebody"
                + " removed it. Send it again.");
    }

    @ExceptionHandler
    ProblemDetail wrongValue(MethodArgumentTypeMismatchException e) {
        return problem(
                HttpStatus.BAD_REQUEST,
                e.getRequiredType() == CacheId.class
                        ? "This is not the id of a job: an id has 26 digits and lower-case letters."
                        : "The value of '" + e.getName() + "' is not a number.");
    }

    @ExceptionHandler
    ProblemDetail wrongField(MissingServletRequestPartException e, HttpServletRequest request) {
        return problem(
                HttpStatus.BAD_REQUEST,
                "The request has no field '" + e.getRequestPartName() + "'." + howToSend(request));
    }

    @ExceptionHandler
    ProblemDetail wrongType(HttpMediaTypeNotSupportedException e, HttpServletRequest request) {
        return problem(HttpStatus.UNSUPPORTED_MEDIA_TYPE, e.getBody().getDetail() + howToSend(request));
    }

    /** Named, because the exception of Jackson that causes it means a failure of ours everywhere else. */
    @ExceptionHandler
    ProblemDetail wrongBody(HttpMessageNotReadableException e, HttpServletRequest request) {
        return problem(
                HttpStatus.BAD_REQUEST,
                "The body of the request is not the JSON that is expected here." + howToSend(request));
    }

    /** Nothing for other paths: requests to the actuator fail in these ways too. */
    private static String howToSend(HttpServletRequest request) {
        String advice = HOW_TO_SEND.get(request.getServletPath());
        return advice == null ? "" : " " + advice;
    }

    /** Spring has one exception for every limit that a multipart request can exceed; its cause says which. */
    @ExceptionHandler
    ProblemDetail tooLarge(MaxUploadSizeExceededException e, HttpServletRequest request) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileCountLimitExceededException tooMany) {
                return problem(
                        HttpStatus.BAD_REQUEST,
                        "The request has too many fields, more than " + tooMany.getLimit() + "." + howToSend(request));
            }
            if (cause instanceof SizeException size && !isLimitOfUploads(size.getPermittedSize())) {
                return problem(
                        HttpStatus.BAD_REQUEST,
                        "The name of the file, or of a field, is too long. Send the file by a shorter name.");
            }
        }
        return problem(
                HttpStatus.CONTENT_TOO_LARGE,
                "The file is larger than " + limits.getMaxFileSize().toMegabytes()
                        + " MB, the most that is taken. Split it, or leave out columns.");
    }

    private boolean isLimitOfUploads(long bytes) {
        return bytes == limits.getMaxFileSize().toBytes()
                || bytes == limits.getMaxRequestSize().toBytes();
    }

    /** The container spools an upload before there is a controller: a full disk shows here first. */
    @ExceptionHandler({MultipartException.class, FileUploadException.class})
    ResponseEntity<ProblemDetail> notSpooled(Exception e, HttpServletRequest request) {
        if (DiskSpace.isExhausted(e)) {
            return ResponseEntity.of(noSpace(e)).build();
        }
        if (NestedExceptionUtils.getRootCause(e) instanceof CacheLostException lost) {
            return lost(lost, request);
        }
        CacheBackendException failure = backendFailure(e);
        if (failure != null) {
            return away(failure);
        }
        return ResponseEntity.of(problem(
                        HttpStatus.BAD_REQUEST,
                        "The request is not a complete multipart/form-data one." + howToSend(request)))
                .build();
    }

    private static @Nullable CacheBackendException backendFailure(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CacheBackendException failure) {
                return failure;
            }
        }
        return null;
    }

    /** There is nobody left to answer. Which of the two it is depends on who wrote: Spring wraps Tomcat's. */
    @ExceptionHandler({ClientAbortException.class, AsyncRequestNotUsableException.class})
    void clientIsGone(IOException e) {
        log.debug("A client went away", e);
    }

    /** Redis, S3 or the disk; the exception says why, and where, to whoever reads the log or asks for the health. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> away(CacheBackendException e) {
        if (DiskSpace.isExhausted(e)) {
            return ResponseEntity.of(noSpace(e)).build();
        }
        log.warn("A request could not be served: {}", e.getMessage());
        return unavailable(missing(e)
                + ", which this service needs for its jobs, cannot be used now. No job that somebody uses or has kept is"
                + " lost. Try again in a few seconds; if this lasts, /actuator/health says why and what to do.");
    }

    /** What fails on the disk has an exception of Java's as its cause; the library of S3 need not even be there. */
    private String missing(CacheBackendException e) {
        if (e instanceof CacheRegistryException) {
            return "Redis";
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileSystemException) {
                return "The disk";
            }
        }
        return caches.storages().contains("s3") ? "S3" : "The disk";
    }

    private static ResponseEntity<ProblemDetail> unavailable(String detail) {
        return ResponseEntity.of(problem(HttpStatus.SERVICE_UNAVAILABLE, detail))
                .header(HttpHeaders.RETRY_AFTER, "5")
                .build();
    }

    @ExceptionHandler({
        IOException.class,
        UncheckedIOException.class,
        JacksonException.class,
        IllegalStateException.class
    })
    ResponseEntity<ProblemDetail> failed(Exception e) {
        if (DiskSpace.isExhausted(e)) {
            return ResponseEntity.of(noSpace(e)).build();
        }
        CacheBackendException failure = backendFailure(e);
        if (failure != null) {
            return away(failure);
        }
        log.error("A request failed", e);
        return ResponseEntity.of(problem(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "Something failed that is not your fault; the log says what. Try again."))
                .build();
    }

    private static ProblemDetail noSpace(Exception e) {
        log.warn(
                "The disk is full: {}",
                NestedExceptionUtils.getMostSpecificCause(e).toString());
        return problem(
                HttpStatus.INSUFFICIENT_STORAGE,
                "There is no space left on the disk of this service. Delete jobs, or wait until some have gone.");
    }

    private static ProblemDetail problem(HttpStatus status, @Nullable String detail) {
        return ProblemDetail.forStatusAndDetail(status, Objects.requireNonNullElse(detail, status.getReasonPhrase()));
    }
}
