// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.sample.web;

import java.util.List;
import java.util.Set;

/** The fields of a multipart request. */
final class MultipartFields {

    private MultipartFields() {}

    /** @throws BadRequestException if there is any other field than these: whoever sent it expected something of it */
    static void requireOnly(Set<String> fields, String... known) {
        fields.stream()
                .filter(field -> !List.of(known).contains(field))
                .findFirst()
                .ifPresent(other -> {
                    throw new BadRequestException("There is a field '" + other + "' in the request. Send nothing but '"
                            + String.join("' and '", known) + "'.");
                });
    }
}
