// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.workspace;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Gives Tomcat folders of the workspace; it would make its own in the temporary folder. */
@Component
class TomcatFolders implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final Workspace workspace;

    TomcatFolders(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.setBaseDirectory(workspace.server().toFile());
        factory.setDocumentRoot(workspace.documents().toFile());
    }
}
