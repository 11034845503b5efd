// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it hears. */
final class RecordingListener implements CacheListener {

    record Event(String what, CacheId id, URI location) {}

    private final List<Event> events = new CopyOnWriteArrayList<>();

    @Override
    public void created(CacheId id, URI location) {
        events.add(new Event("created", id, location));
    }

    @Override
    public void wiped(CacheId id, URI location) {
        events.add(new Event("wiped", id, location));
    }

    @Override
    public void lost(CacheId id, URI location) {
        events.add(new Event("lost", id, location));
    }

    @Override
    public void leaked(CacheId id, URI location) {
        events.add(new Event("leaked", id, location));
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    List<String> heardOf(CacheId id) {
        return events.stream()
                .filter(event -> event.id().equals(id))
                .map(Event::what)
                .toList();
    }
}
