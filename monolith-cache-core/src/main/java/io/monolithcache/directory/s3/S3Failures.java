// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import io.monolithcache.directory.CacheBackendException;
import java.io.IOException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** Turns what S3 and its client say into a message that names what was attempted, where, and what to do. */
final class S3Failures {

    private static final int FORBIDDEN = 403;
    private static final int TIMEOUT = 408;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int NOT_FOUND = 404;
    private static final int NOT_MODIFIED = 304;

    private static final Set<String> UNKNOWN_CREDENTIALS =
            Set.of("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken");
    private static final Set<String> OTHER_REGION =
            Set.of("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException");

    private final S3Place place;

    S3Failures(S3Place place) {
        this.place = place;
    }

    CacheBackendException of(String attempt, SdkException failure) {
        return new CacheBackendException(message(attempt, failure), failure);
    }

    /** The same for streams, whose methods throw nothing else. */
    IOException inStream(String attempt, SdkException failure) {
        CacheBackendException described = of(attempt, failure);
        return new IOException(described.getMessage(), described);
    }

    /** @param attempt continues "Could not" */
    String message(String attempt, SdkException failure) {
        return "Could not " + attempt + " in " + place + ": " + reason(failure) + ". " + advice(failure);
    }

    private static String reason(SdkException failure) {
        if (failure instanceof AwsServiceException answer) {
            AwsErrorDetails details = answer.awsErrorDetails();
            String text = details == null || details.errorMessage() == null ? "" : ": " + details.errorMessage();
            return "S3 answered " + answer.statusCode() + " " + code(answer) + text;
        }
        if (isTimeout(failure)) {
            return "S3 did not answer in time";
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    private String advice(SdkException failure) {
        if (failure instanceof AwsServiceException answer) {
            return advice(answer);
        }
        String message = String.valueOf(failure.getMessage());
        if (message.contains("region")) {
            return "Set spring.cloud.aws.region.static, or the region of this client";
        }
        if (message.contains("credentials")) {
            return "Set spring.cloud.aws.credentials.*, or give this machine a role";
        }
        if (failure instanceof AbortedException) {
            return "The thread was interrupted; try again";
        }
        return "Check the network, and spring.cloud.aws.endpoint";
    }

    private String advice(AwsServiceException answer) {
        String code = code(answer);
        if (code.equals("NoSuchBucket")) {
            return "Create the bucket " + place.bucket() + ", or set monolith.cache.s3.path to one that is there";
        }
        if (code.equals("RequestTimeTooSkewed")) {
            return "Set the clock of this machine; it differs from that of the store by more than S3 allows";
        }
        if (UNKNOWN_CREDENTIALS.contains(code)) {
            return "Check the credentials, spring.cloud.aws.credentials.*";
        }
        if (OTHER_REGION.contains(code) || answer.statusCode() / 100 == 3) {
            return "The bucket is in another region: set spring.cloud.aws.s3.region to it";
        }
        if (answer.statusCode() == FORBIDDEN) {
            return "Allow s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload on "
                    + place.bucket() + "/" + place.prefix()
                    + "*, and s3:ListBucket and s3:ListBucketMultipartUploads on "
                    + place.bucket();
        }
        return isBusy(answer) ? "The store is busy or failing; try again" : "Look at what the store says of it";
    }

    private static String code(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        return code == null ? "" : code;
    }

    private static boolean isBusy(AwsServiceException answer) {
        return answer.statusCode() / 100 == 5
                || answer.statusCode() == TOO_MANY_REQUESTS
                || answer.statusCode() == TIMEOUT;
    }

    private static boolean isTimeout(SdkException failure) {
        return failure instanceof ApiCallTimeoutException || failure instanceof ApiCallAttemptTimeoutException;
    }

    /** Whether the request may have had its effect, or may still have it. */
    static boolean isUnknown(SdkException failure) {
        return !(failure instanceof AwsServiceException answer) || isBusy(answer);
    }

    /** Whether a condition of the request does not hold; a conflict with another request is the same. */
    static boolean isRefused(SdkException failure) {
        return status(failure) == PRECONDITION_FAILED || status(failure) == CONFLICT;
    }

    static boolean isMissing(SdkException failure) {
        return status(failure) == NOT_FOUND && !isMissingBucket(failure);
    }

    private static boolean isMissingBucket(SdkException failure) {
        return failure instanceof AwsServiceException answer && code(answer).equals("NoSuchBucket");
    }

    static boolean isUnchanged(SdkException failure) {
        return status(failure) == NOT_MODIFIED;
    }

    static boolean isBeyondTheEnd(SdkException failure) {
        return status(failure) == RANGE_NOT_SATISFIABLE;
    }

    private static int status(SdkException failure) {
        return failure instanceof AwsServiceException answer ? answer.statusCode() : 0;
    }
}
