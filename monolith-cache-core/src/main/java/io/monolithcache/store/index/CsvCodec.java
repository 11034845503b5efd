// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.store.index;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The text of {@link CsvIndex}. */
final class CsvCodec implements TextCodec {

    private static final List<String> HEADER =
            List.of("hash", "key", "length", "bytes", "createdAt", "accessedAt", "hits", "locked", "tags");

    private static final String END = "end";

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public void write(TextList list, Writer text) throws IOException {
        CsvText.write(HEADER, text);
        for (IndexedEntry entry : list.entries().values()) {
            CsvText.write(
                    List.of(
                            entry.hash().toString(),
                            entry.key(),
                            String.valueOf(entry.length()),
                            String.valueOf(entry.bytes()),
                            String.valueOf(entry.createdAt()),
                            String.valueOf(entry.accessedAt()),
                            String.valueOf(entry.hits()),
                            String.valueOf(entry.locked()),
                            TagText.write(entry.tags())),
                    text);
        }
        CsvText.write(end(list), text);
    }

    private static List<String> end(TextList list) {
        IndexTotals totals = list.totals();
        return List.of(
                END,
                "",
                String.valueOf(totals.entries()),
                String.valueOf(totals.bytes()),
                String.valueOf(list.completeAt()),
                "0",
                "0",
                "false",
                "");
    }

    @Override
    public TextList read(Reader text) throws IOException {
        CsvText csv = new CsvText(text);
        if (!HEADER.equals(csv.next())) {
            throw new IOException("it begins with other columns than " + String.join(",", HEADER));
        }
        NavigableMap<EntryHash, IndexedEntry> entries = new TreeMap<>();
        for (List<String> record = csv.next(); record != null; record = csv.next()) {
            if (record.get(0).equals(END)) {
                return end(record, entries, csv);
            }
            IndexedEntry entry = entry(record);
            if (entries.put(entry.hash(), entry) != null) {
                throw new IOException(entry.hash() + " is in it twice");
            }
        }
        throw new IOException("its end is missing");
    }

    private static TextList end(List<String> record, NavigableMap<EntryHash, IndexedEntry> entries, CsvText csv)
            throws IOException {
        requireColumns(record);
        TextList list = new TextList(entries, Long.parseLong(record.get(4)));
        if (!record.equals(end(list)) || csv.next() != null) {
            throw new IOException("its end tells of other entries than are in it");
        }
        return list;
    }

    private static IndexedEntry entry(List<String> record) throws IOException {
        requireColumns(record);
        return new IndexedEntry(
                EntryHash.parse(record.get(0)),
                record.get(1),
                Long.parseLong(record.get(2)),
                Long.parseLong(record.get(3)),
                Long.parseLong(record.get(4)),
                Long.parseLong(record.get(5)),
                Long.parseLong(record.get(6)),
                isTrue(record.get(7)),
                TagText.read(record.get(8)));
    }

    private static void requireColumns(List<String> record) throws IOException {
        if (record.size() != HEADER.size()) {
            throw new IOException("a record has " + record.size() + " columns, not " + HEADER.size());
        }
    }

    /** A spreadsheet writes truth in capitals. */
    private static boolean isTrue(String text) throws IOException {
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return text.equalsIgnoreCase("true");
        }
        throw new IOException("'" + text + "' is neither true nor false");
    }
}
