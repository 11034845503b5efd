// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class DataDeskApplication {

    public static void main(String[] args) {
        SpringApplication.run(DataDeskApplication.class, args);
    }
}
