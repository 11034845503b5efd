// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.actuate;

import io.monolithcache.store.EntryDescription;
import io.monolithcache.store.EvictionReport;
import io.monolithcache.store.Store;
import io.monolithcache.store.Store.Selection;
import io.monolithcache.store.StoreStatus;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows stores and their entries, locks, unlocks and evicts them. An entry is named by its hash, since a key may be any
 * text. Over JMX nobody is known, so what may be shown to authorized users only is masked there.
 *
 * <p>Where keys are masked, none is found by how it begins: whoever may ask for beginnings, one letter after the other,
 * knows them all in the end.
 */
@Endpoint(id = "cachestores", defaultAccess = Access.UNRESTRICTED)
public class CacheStoresEndpoint {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAXIMUM_LIMIT = 1000;

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final SortedMap<String, Store> stores;
    private final ValueMask mask;

    /**
     * Serves these stores.
     *
     * @param stores by their names
     * @param showValues when keys and tags are shown
     */
    public CacheStoresEndpoint(Map<String, Store> stores, Show showValues) {
        this.stores = new TreeMap<>(stores);
        this.mask = ValueMask.of(showValues.isShown(false));
    }

    /** All stores. Opens none that was not used yet. */
    @ReadOperation
    public CacheStoreList stores() {
        return new CacheStoreList(stores.entrySet().stream()
                .map(named ->
                        CacheStoreDescriptor.of(named.getKey(), named.getValue().status()))
                .toList());
    }

    /**
     * A store with a page of its entries. Opens it, unless it was never used by anybody.
     *
     * @param limit how many, 1 to 1,000; 100 if null
     * @param after the last hash of the page before; null for the first page
     * @param prefix with which their keys begin; null for any
     * @param tag that they carry; null for any
     */
    @ReadOperation
    public CacheStorePage store(
            @Selector String store,
            @Nullable Integer limit,
            @Nullable String after,
            @Nullable String prefix,
            @Nullable String tag) {
        return store(store, limit, after, prefix, tag, mask);
    }

    CacheStorePage store(
            String name,
            @Nullable Integer limit,
            @Nullable String after,
            @Nullable String prefix,
            @Nullable String tag,
            ValueMask mask) {
        Store store = known(name);
        int most = limit == null ? DEFAULT_LIMIT : limit;
        if (most < 1 || most > MAXIMUM_LIMIT) {
            throw invalid("The limit is 1 to " + MAXIMUM_LIMIT + ", not " + most);
        }
        String last = after == null ? null : hash(after);
        Selection selection = selection(prefix, tag, mask);
        List<EntryDescription> entries = isUnused(store.status()) ? List.of() : page(store, selection, last, most);
        return new CacheStorePage(
                CacheStoreDescriptor.of(name, store.status()),
                entries.stream()
                        .map(entry -> CacheEntryDescriptor.of(entry, mask))
                        .toList(),
                entries.size() < most ? null : entries.get(most - 1).hash());
    }

    private static List<EntryDescription> page(Store store, Selection selection, @Nullable String after, int most) {
        try (Stream<EntryDescription> entries = store.entries(selection, after)) {
            return entries.limit(most).toList();
        }
    }

    /** Whether nobody has ever used it: then a look does not make its folders either. */
    private static boolean isUnused(StoreStatus status) {
        return !status.isOpen() && Files.notExists(status.root());
    }

    /**
     * One entry.
     *
     * @param key its hash
     */
    @ReadOperation
    public CacheEntryDescriptor entry(@Selector String store, @Selector String key) {
        return entry(store, key, mask);
    }

    CacheEntryDescriptor entry(String name, String key, ValueMask mask) {
        return CacheEntryDescriptor.of(described(known(name), name, hash(key)), mask);
    }

    /**
     * Locks or unlocks an entry: a locked one is never evicted.
     *
     * @param key its hash
     * @param locked boxed, since JMX describes a primitive parameter as any object
     */
    @WriteOperation
    public CacheEntryDescriptor changeLock(@Selector String store, @Selector String key, Boolean locked) {
        return changeLock(store, key, locked, mask);
    }

    CacheEntryDescriptor changeLock(String name, String key, boolean locked, ValueMask mask) {
        Store store = known(name);
        String hash = hash(key);
        String ofEntry = described(store, name, hash).key();
        boolean isThere = locked ? store.lock(ofEntry) : store.unlock(ofEntry);
        if (!isThere) {
            throw absent(name, hash);
        }
        return CacheEntryDescriptor.of(described(store, name, hash), mask);
    }

    /**
     * Evicts an entry that is neither locked nor in use.
     *
     * @param key its hash
     * @param dryRun whether it is only told what would go
     */
    @DeleteOperation
    public CacheEntryEvictionDescriptor evict(@Selector String store, @Selector String key, @Nullable Boolean dryRun) {
        return evict(store, key, dryRun, mask);
    }

    CacheEntryEvictionDescriptor evict(String name, String key, @Nullable Boolean dryRun, ValueMask mask) {
        Store store = known(name);
        String hash = hash(key);
        boolean isDryRun = Boolean.TRUE.equals(dryRun);
        EvictionReport report = isUnused(store.status())
                ? new EvictionReport(0, 0, 0, List.of(), isDryRun)
                : store.evict(hash, isDryRun);
        if (report.entries() == 0 && report.kept() == 0) {
            throw absent(name, hash);
        }
        if (report.kept() > 0 && !isDryRun) {
            throw new CacheEntryKeptException(
                    described(store, name, hash).locked()
                            ? "The entry " + hash + " is locked. Unlock it first; nothing has changed"
                            : "The entry " + hash + " is in use. Try again later; nothing has changed");
        }
        return CacheEntryEvictionDescriptor.of(report, mask);
    }

    /**
     * Evicts all entries that are neither locked nor in use.
     *
     * @param dryRun whether it is only told what would go
     * @param prefix with which their keys begin; null for any
     * @param tag that they carry; null for any
     */
    @DeleteOperation
    public CacheEntryEvictionDescriptor evictAll(
            @Selector String store, @Nullable Boolean dryRun, @Nullable String prefix, @Nullable String tag) {
        return evictAll(store, dryRun, prefix, tag, mask);
    }

    CacheEntryEvictionDescriptor evictAll(
            String name, @Nullable Boolean dryRun, @Nullable String prefix, @Nullable String tag, ValueMask mask) {
        Store store = known(name);
        Selection selection = selection(prefix, tag, mask);
        boolean isDryRun = Boolean.TRUE.equals(dryRun);
        return CacheEntryEvictionDescriptor.of(
                isUnused(store.status())
                        ? new EvictionReport(0, 0, 0, List.of(), isDryRun)
                        : store.evict(selection, isDryRun),
                mask);
    }

    private Store known(String name) {
        Store store = stores.get(name);
        if (store == null) {
            throw new CacheStoreAbsentException("There is no such store; there are " + stores.keySet());
        }
        return store;
    }

    private static EntryDescription described(Store store, String name, String hash) {
        if (isUnused(store.status())) {
            throw absent(name, hash);
        }
        return store.describe(hash).orElseThrow(() -> absent(name, hash));
    }

    private static CacheStoreAbsentException absent(String name, String hash) {
        return new CacheStoreAbsentException("There is no entry " + hash + " in the store " + name);
    }

    private static Selection selection(@Nullable String prefix, @Nullable String tag, ValueMask mask) {
        String begin = prefix == null ? "" : prefix;
        if (!begin.isEmpty() && mask == ValueMask.MASKED) {
            throw invalid("Keys are masked, so none is found by its prefix;"
                    + " see management.endpoint.cachestores.show-values. A tag can be asked for");
        }
        return new Selection(begin, tag == null ? "" : tag, entry -> true);
    }

    private static String hash(String text) {
        if (!HASH.matcher(text).matches()) {
            throw invalid("Not the hash of an entry, which has 64 digits of 0-9 and a-f");
        }
        return text;
    }

    private static InvalidEndpointRequestException invalid(String message) {
        return new InvalidEndpointRequestException(message, message);
    }
}
