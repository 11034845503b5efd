// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import io.monolithcache.directory.CacheDirectory;
import jakarta.servlet.MultipartConfigElement;
import org.springframework.boot.servlet.autoconfigure.MultipartProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Lets the container spool an upload into the directory of its request, where nothing of it is left whatever becomes of
 * the request, and from where moving it into a job is renaming. Its limits stay Spring Boot's properties.
 */
@Configuration(proxyBeanMethods = false)
class UploadSpool {

    /** @param directory of the request that is being served */
    @Bean
    MultipartConfigElement multipartConfigElement(MultipartProperties limits, CacheDirectory directory) {
        return new InDirectoryOfRequest(limits, directory);
    }

    private static final class InDirectoryOfRequest extends MultipartConfigElement {

        private final CacheDirectory directory;

        InDirectoryOfRequest(MultipartProperties limits, CacheDirectory directory) {
            super(
                    "",
                    limits.getMaxFileSize().toBytes(),
                    limits.getMaxRequestSize().toBytes(),
                    Math.toIntExact(limits.getFileSizeThreshold().toBytes()));
            this.directory = directory;
        }

        /** Tomcat asks with every upload, and makes the folder. */
        @Override
        public String getLocation() {
            return directory.path().resolve("spool").toString();
        }
    }
}
