// SPDX-License-Identifier: Apache-2.0
package io.monolithcache.directory.s3;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * A server of S3's API over HTTP in this process, which keeps everything in memory, checks signatures, and writes
 * atomically if there is no such object. It is loaded apart, because its libraries are not those that are tested with.
 *
 * <p>As an extension ({@code @ExtendWith(S3Server.Started.class)}) there is one for all tests of a process; each test
 * takes a bucket of its own.
 */
public final class S3Server implements AutoCloseable {

    private static final String ACCESS_KEY = "test-access-key";
    private static final String SECRET_KEY = "test-secret-key";

    private final Object proxy;
    private final int port;

    private S3Server(Object proxy, int port) {
        this.proxy = proxy;
        this.port = port;
    }

    public static S3Server start() {
        try {
            // as long as the process: its threads end with it
            ClassLoader apart = new URLClassLoader(
                    new URL[] {logging(), ServerJar.find("s3proxy").toUri().toURL()},
                    ClassLoader.getPlatformClassLoader());
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(apart);
            try {
                return start(apart);
            } finally {
                thread.setContextClassLoader(before);
            }
        } catch (ReflectiveOperationException | MalformedURLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** A folder with nothing but the configuration of its logging, which would be that of these tests else. */
    private static URL logging() throws MalformedURLException {
        URL file = Objects.requireNonNull(S3Server.class.getResource("/s3server/logback-test.xml"));
        return URI.create(file.toString().replace("logback-test.xml", "")).toURL();
    }

    private static S3Server start(ClassLoader apart) throws ReflectiveOperationException {
        Class<?> authentication = apart.loadClass("org.gaul.s3proxy.auth.AuthenticationType");
        Class<?> stores = apart.loadClass("org.gaul.s3proxy.blobstore.BlobStore");
        Object store = apart.loadClass("org.gaul.s3proxy.nio2blob.TransientNio2BlobStore")
                .getConstructor()
                .newInstance();
        Object builder =
                apart.loadClass("org.gaul.s3proxy.S3Proxy").getMethod("builder").invoke(null);
        call(builder, "blobStore", stores, store);
        call(builder, "endpoint", URI.class, URI.create("http://127.0.0.1:0"));
        call(builder, "ignoreUnknownHeaders", boolean.class, true);
        Object signed = authentication.getMethod("valueOf", String.class).invoke(null, "AWS_V4");
        builder.getClass()
                .getMethod("awsAuthentication", authentication, String.class, String.class)
                .invoke(builder, signed, ACCESS_KEY, SECRET_KEY);
        Object proxy = builder.getClass().getMethod("build").invoke(builder);
        proxy.getClass().getMethod("start").invoke(proxy);
        return new S3Server(proxy, (int) proxy.getClass().getMethod("getPort").invoke(proxy));
    }

    private static void call(Object builder, String name, Class<?> type, Object value)
            throws ReflectiveOperationException {
        Method method = builder.getClass().getMethod(name, type);
        var unused = method.invoke(builder, value);
    }

    public int port() {
        return port;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public String accessKey() {
        return ACCESS_KEY;
    }

    public String secretKey() {
        return SECRET_KEY;
    }

    /** A client of this server, to be closed. */
    public S3Client client() {
        return builder(port).build();
    }

    /** A client of this server by way of a proxy. */
    public S3ClientBuilder builder(int portOfTheWay) {
        return to(portOfTheWay);
    }

    /** A client of a server that another process has started. */
    public static S3ClientBuilder to(int port) {
        return S3Client.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)));
    }

    /** A new bucket. */
    public String bucket() {
        String name = "bucket-" + UUID.randomUUID();
        try (S3Client client = client()) {
            var unused = client.createBucket(request -> request.bucket(name));
        }
        return name;
    }

    @Override
    public void close() {
        try {
            proxy.getClass().getMethod("stop").invoke(proxy);
        } catch (IllegalAccessException | NoSuchMethodException | InvocationTargetException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Starts one for all tests of the process, and hands it to those that have it as a parameter. */
    public static final class Started implements BeforeAllCallback, ParameterResolver {

        @Override
        public void beforeAll(ExtensionContext context) {
            S3Server unused = server(context);
        }

        static S3Server server(ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(S3Server.class))
                    .computeIfAbsent(S3Server.class, type -> start(), S3Server.class);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == S3Server.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return server(context);
        }
    }
}
