// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsOfS3Tests {

    private static final Duration HOUR = Duration.ofHours(1);

    @ParameterizedTest
    @ValueSource(strings = {"PT0.299S", "PT-1S", "PT15M1S"})
    void aLeaseOutOfItsRangeIsRefused(Duration lease) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new S3RegistrySettings(lease, HOUR, Duration.ZERO))
                .withMessageContaining("300 ms to 15 minutes");
    }

    @Test
    void versionsAreKeptForFourLeasesAndLooksAreNotInThePast() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new S3RegistrySettings(Duration.ofMinutes(10), Duration.ofMinutes(39), Duration.ZERO))
                .withMessageContaining("4 leases");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new S3RegistrySettings(Duration.ofMinutes(1), HOUR, Duration.ofSeconds(-1)))
                .withMessageContaining("not negative");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 257})
    void connectionsOutOfTheirRangeAreRefused(int connections) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> S3TransferSettings.defaults().withConnections(connections))
                .withMessageContaining("1 to 256");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, (1 << 30) + 1})
    void partsOutOfTheirRangeAreRefused(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new S3TransferSettings(1, size, HOUR, S3Progress.NONE))
                .withMessageContaining(String.valueOf(size));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void aTimeOutIsPositive(Duration time) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> S3TransferSettings.defaults().withTimeout(time))
                .withMessageContaining("positive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://bucket", "s3://bucket/", "s3://bucket/some/prefix", "s3://bucket/some/prefix/"})
    void aPlaceIsABucketAndAPrefix(String path) {
        S3Place place = S3Place.of(path);
        assertThat(place.bucket()).isEqualTo("bucket");
        assertThat(place.prefix()).isIn("", "some/prefix/");
        assertThat(place).hasToString("s3://bucket/" + place.prefix());
    }

    @Test
    void noPlaceIsRefused() {
        for (String path :
                new String[] {"bucket", "s3://b", "s3://bucket//a", "s3://bucket/./a", "s3://bucket/a\u0001"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> S3Place.of(path));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> S3Place.of("s3://bucket/" + "a".repeat(600)));
        assertThatIllegalArgumentException().isThrownBy(() -> new S3Place("bucket", "no-slash"));
    }
}
