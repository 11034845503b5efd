// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a failure says to people, and what it means to the protocol. */
class S3FailuresTests {

    private final S3Failures failures = new S3Failures(S3Place.of("s3://bucket/prefix"));

    private static SdkException answer(int status, @Nullable String code, @Nullable String message) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "404, NoSuchBucket, Create the bucket bucket",
        "403, RequestTimeTooSkewed, Set the clock of this machine",
        "403, InvalidAccessKeyId, Check the credentials",
        "403, SignatureDoesNotMatch, Check the credentials",
        "301, PermanentRedirect, in another region",
        "307, TemporaryRedirect, in another region",
        "302, , in another region",
        "403, AccessDenied, Allow s3:GetObject",
        "500, InternalError, busy or failing",
        "503, SlowDown, busy or failing",
        "429, , busy or failing",
        "408, , busy or failing",
        "400, InvalidRequest, Look at what the store says",
    })
    void anAnswerSaysWhatToDo(int status, @Nullable String code, String advice) {
        assertThat(failures.message("write a.txt", answer(status, code, "because")))
                .startsWith("Could not write a.txt in s3://bucket/prefix/: S3 answered " + status)
                .contains(": because", advice);
    }

    @Test
    void anAnswerWithoutDetailsIsDescribed() {
        assertThat(failures.message("read", answer(400, null, null))).contains("S3 answered 400 .");
        assertThat(failures.message(
                        "read", S3Exception.builder().statusCode(400).build()))
                .contains("S3 answered 400 .");
    }

    @Test
    void noAnswerSaysWhatToDo() {
        assertThat(failures.message("read", SdkClientException.create("Unable to load region")))
                .contains("spring.cloud.aws.region.static");
        assertThat(failures.message("read", SdkClientException.create("Unable to load credentials")))
                .contains("spring.cloud.aws.credentials");
        assertThat(failures.message("read", AbortedException.create("stop"))).contains("interrupted; try again");
        assertThat(failures.message("read", SdkClientException.create("no", new IllegalStateException())))
                .contains("IllegalStateException", "Check the network");
        assertThat(failures.message("read", ApiCallTimeoutException.create(1))).contains("did not answer in time");
        assertThat(failures.message("read", ApiCallAttemptTimeoutException.create(1)))
                .contains("did not answer in time");
        assertThat(failures.inStream("read", SdkClientException.create("no"))).hasMessageContaining("Could not read");
    }

    @Test
    void whatItMeans() {
        assertThat(S3Failures.isUnknown(SdkClientException.create("no"))).isTrue();
        assertThat(S3Failures.isUnknown(answer(500, null, null))).isTrue();
        assertThat(S3Failures.isUnknown(answer(403, null, null))).isFalse();
        assertThat(S3Failures.isRefused(answer(409, null, null))).isTrue();
        assertThat(S3Failures.isRefused(answer(412, null, null))).isTrue();
        assertThat(S3Failures.isRefused(answer(500, null, null))).isFalse();
        assertThat(S3Failures.isMissing(answer(404, "NoSuchKey", null))).isTrue();
        assertThat(S3Failures.isMissing(answer(404, "NoSuchBucket", null))).isFalse();
        assertThat(S3Failures.isMissing(SdkClientException.create("no"))).isFalse();
    }
}
