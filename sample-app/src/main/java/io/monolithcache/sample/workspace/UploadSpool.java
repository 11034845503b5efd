// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.workspace;

import jakarta.servlet.MultipartConfigElement;
import org.springframework.boot.servlet.autoconfigure.MultipartProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets the container spool uploads into the workspace. Their limits stay Spring Boot's properties. */
@Configuration(proxyBeanMethods = false)
class UploadSpool {

    @Bean
    MultipartConfigElement multipartConfigElement(MultipartProperties limits, Workspace workspace) {
        return new MultipartConfigElement(
                workspace.spool().toString(),
                limits.getMaxFileSize().toBytes(),
                limits.getMaxRequestSize().toBytes(),
                Math.toIntExact(limits.getFileSizeThreshold().toBytes()));
    }
}
