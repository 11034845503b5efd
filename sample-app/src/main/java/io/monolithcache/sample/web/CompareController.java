// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import io.monolithcache.directory.CacheDirectory;
import io.monolithcache.sample.profile.Comparer;
import io.monolithcache.sample.profile.Comparer.Side;
import io.monolithcache.sample.profile.Comparison;
import io.monolithcache.sample.profile.Format;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;

/** Tells how two tables differ. All of it happens in the directory of the request, which nobody sees afterwards. */
@RestController
class CompareController {

    static final String LEFT = "left";
    static final String RIGHT = "right";

    private final Comparer comparer;

    CompareController(Comparer comparer) {
        this.comparer = comparer;
    }

    @PostMapping(
            path = "/compare",
            consumes = MediaType.MULTIPART_FORM_DATA_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    Comparison compare(
            @RequestPart(LEFT) List<Part> left,
            @RequestPart(RIGHT) List<Part> right,
            @RequestParam MultiValueMap<String, Part> all,
            CacheDirectory work)
            throws IOException {
        MultipartFields.requireOnly(all.keySet(), LEFT, RIGHT);
        return comparer.compare(receive(LEFT, left, work), receive(RIGHT, right, work));
    }

    private static Side receive(String name, List<Part> parts, CacheDirectory work) throws IOException {
        if (parts.size() > 1) {
            throw new BadRequestException(
                    "There are " + parts.size() + " fields '" + name + "' in the request. Send one file in each.");
        }
        Part part = parts.get(0);
        Path folder = Files.createDirectory(work.path().resolve(name));
        Path received = folder.resolve("upload");
        part.write(received.toString());
        Format format = Format.of(UploadName.of(part), received);
        Files.move(received, folder.resolve(format.fileName()));
        return new Side(name, folder, format);
    }
}
