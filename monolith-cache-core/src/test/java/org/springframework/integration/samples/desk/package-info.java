// SPDX-License-Identifier: Apache-2.0
/** An application among the samples of a project of Spring's. */
@NullMarked
package org.springframework.integration.samples.desk;

import org.jspecify.annotations.NullMarked;
