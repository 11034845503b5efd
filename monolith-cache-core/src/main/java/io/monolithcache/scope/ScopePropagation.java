// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

/** What a method does about a scope that is open already where it is called. */
public enum ScopePropagation {

    /** Joins the innermost open scope, which it keeps open until it is done; opens one if there is none. */
    REQUIRED,

    /** Opens a scope of its own, nested in the one that is open. */
    REQUIRES_NEW
}
