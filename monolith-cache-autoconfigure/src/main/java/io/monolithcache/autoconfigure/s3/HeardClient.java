// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.autoconfigure.s3;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A client that tells of each call. The application's own is not touched: what else it is used for is not the caches'.
 */
final class HeardClient implements InvocationHandler {

    private static final Logger log = LoggerFactory.getLogger(HeardClient.class);

    /** Below it an answer says no, which is an answer. */
    private static final int SERVER_ERROR = 500;

    private final S3Client client;
    private final List<S3RequestListener> listeners;

    private HeardClient(S3Client client, List<S3RequestListener> listeners) {
        this.client = client;
        this.listeners = listeners;
    }

    static S3Client of(S3Client client, List<S3RequestListener> listeners) {
        if (listeners.isEmpty()) {
            return client;
        }
        return (S3Client) Proxy.newProxyInstance(
                S3Client.class.getClassLoader(),
                new Class<?>[] {S3Client.class},
                new HeardClient(client, List.copyOf(listeners)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        long start = System.nanoTime();
        boolean answered = false;
        try {
            Object answer = method.invoke(client, arguments);
            answered = true;
            return answer;
        } catch (InvocationTargetException failure) {
            Throwable cause = failure.getTargetException();
            answered = cause instanceof AwsServiceException told && told.statusCode() < SERVER_ERROR;
            throw cause;
        } finally {
            if (method.getDeclaringClass() == S3Client.class) {
                tell(method.getName(), Duration.ofNanos(System.nanoTime() - start), answered);
            }
        }
    }

    private void tell(String operation, Duration time, boolean answered) {
        for (S3RequestListener listener : listeners) {
            try {
                listener.ended(operation, time, answered);
            } catch (RuntimeException failure) {
                log.warn("{} failed", listener, failure);
            }
        }
    }
}
