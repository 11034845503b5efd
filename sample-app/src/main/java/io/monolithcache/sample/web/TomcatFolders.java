// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import java.io.File;
import org.apache.catalina.core.StandardContext;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Keeps Tomcat from making folders, which would stay when the process is killed. It wants a base, one for its work and
 * a document root, and writes into none of them. So the first two are a folder that is there and that only whoever
 * installed Java may write to, since Tomcat would read its configuration there; and there is no document root, because
 * what lies in one is served.
 */
@Component
class TomcatFolders implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        File folder = new File(System.getProperty("java.home"));
        factory.setBaseDirectory(folder);
        // only until the context takes it away again: without one, Boot makes one
        factory.setDocumentRoot(folder);
        factory.addContextCustomizers(context -> {
            context.setDocBase(null);
            ((StandardContext) context).setWorkDir(folder.getPath());
        });
    }
}
