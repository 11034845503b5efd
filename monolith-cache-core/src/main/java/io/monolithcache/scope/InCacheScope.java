// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.scope;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method, or every method of the class, runs in a cache scope. The scope ends when the method returns or throws. If
 * its result comes later, the scope ends with the result: a {@link java.util.concurrent.CompletionStage} when it
 * completes or is cancelled, a {@link java.util.stream.BaseStream} when it is exhausted or closed, whichever comes
 * first. A method that returns {@code Mono}, {@code Flux} or another reactive type runs when that is subscribed to, in
 * a scope for each subscription, which ends when the subscription completes, fails or is cancelled. A plain
 * {@link java.util.concurrent.Future} is refused: it tells nobody when it is done.
 *
 * <p>The annotation works on calls that go through Spring's proxy: not on private methods, nor on calls of a bean to
 * itself. On a {@link CacheScope} bean it is refused where it would do nothing, since whoever can call that is in a
 * scope already: allowed are {@code REQUIRES_NEW}, methods whose result comes later, which hold the scope until then,
 * and {@code @Async} ones.
 *
 * <p>The scope is opened inside {@code @Async}, on the thread that runs the method; inside {@code @Retryable}, for each
 * attempt anew; and outside {@code @Transactional} and {@code @Cacheable}, so that the directory is still there in what
 * runs after a commit.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
public @interface InCacheScope {

    /** What to do about a scope that is open already. Default: join it. */
    ScopePropagation propagation() default ScopePropagation.REQUIRED;
}
