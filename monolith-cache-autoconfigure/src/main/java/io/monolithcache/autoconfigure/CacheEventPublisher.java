// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure;

import io.monolithcache.directory.CacheId;
import io.monolithcache.directory.CacheListener;
import io.monolithcache.directory.event.CacheCreatedEvent;
import io.monolithcache.directory.event.CacheEvent;
import io.monolithcache.directory.event.CacheLeakedEvent;
import io.monolithcache.directory.event.CacheLostEvent;
import io.monolithcache.directory.event.CacheWipedEvent;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanCreationNotAllowedException;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Publishes what a manager does as application events. The manager is destroyed late, when some of those who listen are
 * gone; what they would have heard then is not published, and that is no failure.
 */
final class CacheEventPublisher implements CacheListener {

    private static final Logger log = LoggerFactory.getLogger(CacheEventPublisher.class);

    private final ApplicationContext context;

    CacheEventPublisher(ApplicationContext context) {
        this.context = context;
    }

    @Override
    public void created(CacheId id, URI location) {
        publish(new CacheCreatedEvent(id, location));
    }

    @Override
    public void wiped(CacheId id, URI location) {
        publish(new CacheWipedEvent(id, location));
    }

    @Override
    public void lost(CacheId id, URI location) {
        publish(new CacheLostEvent(id, location));
    }

    @Override
    public void leaked(CacheId id, URI location) {
        publish(new CacheLeakedEvent(id, location));
    }

    private void publish(CacheEvent event) {
        if (context instanceof ConfigurableApplicationContext running && !running.isActive()) {
            return;
        }
        try {
            context.publishEvent(event);
        } catch (BeanCreationNotAllowedException shuttingDown) {
            log.debug("A listener was destroyed before it could hear of {}", event, shuttingDown);
        }
    }
}
