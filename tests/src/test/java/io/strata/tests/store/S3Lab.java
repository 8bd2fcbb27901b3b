package io.strata.tests.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.SslContext;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.StoreException;
import io.strata.store.s3.S3Location;
import io.strata.store.s3.S3Settings;
import io.strata.store.s3.S3Store;
import io.strata.tests.proxy.FaultProxy;
import io.strata.tests.proxy.ProxyScript;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * A proxy before the S3 server that {@code STRATA_TEST_S3_ENDPOINT} names, and a folder of its own
 * in a bucket there. Without a server, requests can be answered by the proxy only.
 */
final class S3Lab implements AutoCloseable {
  /** The platform of the stores. */
  static final Platform PLATFORM = SystemPlatform.create();

  private static final String VARIABLE = "STRATA_TEST_S3_ENDPOINT";
  private static final @Nullable String SERVER = System.getenv(VARIABLE);
  private static @Nullable String bucket;

  private final ProxyScript script = new ProxyScript();
  private final FaultProxy proxy;
  private final String folder = UUID.randomUUID() + "/";

  /** Speaks TLS unless that is null. */
  S3Lab(@Nullable SslContext tls) throws IOException {
    URI server = URI.create(SERVER == null ? "http://127.0.0.1:1" : SERVER);
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    proxy = FaultProxy.start(anywhere, server, script, tls);
  }

  /** A bucket to use; skips the test that asks for it if there is no server. */
  static synchronized String bucket() {
    if (SERVER == null) {
      System.out.println(
          "SKIPPED: " + VARIABLE + " is not set; dev/s3-server starts a server for this test");
    }
    assumeTrue(SERVER != null, VARIABLE + " is not set");
    if (bucket == null) {
      String name = "strata-test-" + UUID.randomUUID();
      try (S3AsyncClient client =
          S3AsyncClient.builder()
              .endpointOverride(URI.create(SERVER))
              .region(Region.US_EAST_1)
              .forcePathStyle(true)
              .build()) {
        client.createBucket(r -> r.bucket(name)).join();
      }
      bucket = name;
    }
    return bucket;
  }

  /** What the proxy does. */
  ProxyScript script() {
    return script;
  }

  FaultProxy proxy() {
    return proxy;
  }

  /** The store behind the proxy. */
  S3Store open(S3Settings settings) throws StoreException {
    return open(bucket(), proxy.endpoint(), true, settings);
  }

  /** The store behind the proxy, under another name of it. */
  S3Store open(String in, URI endpoint, boolean pathStyle, S3Settings settings)
      throws StoreException {
    S3Location location = new S3Location(in, folder, endpoint, null, pathStyle);
    return S3Store.open(location, settings, PLATFORM.clock());
  }

  /** The URL of the store behind the proxy. */
  String url() {
    return "s3://%s/%s?endpoint=%s".formatted(bucket(), folder, proxy.endpoint());
  }

  @Override
  public void close() {
    proxy.close();
  }
}
