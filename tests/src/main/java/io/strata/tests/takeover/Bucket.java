package io.strata.tests.takeover;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the volume of a lab is. */
sealed interface Bucket {
  /** A folder of this machine. */
  record Folder(Path path) implements Bucket {}

  /**
   * A bucket behind an S3 server of this machine.
   *
   * @param server where it listens
   * @param name of the bucket
   * @param region that it says it is in
   */
  record S3(InetSocketAddress server, String name, String region) implements Bucket {
    /**
     * Creates a bucket with the settings that {@code dev/s3-server env} prints.
     *
     * @return null if they are not set
     */
    static @Nullable S3 create(String name, Map<String, String> variables) throws IOException {
      String endpoint = variables.get("STRATA_TEST_S3_ENDPOINT");
      String key = variables.get("AWS_ACCESS_KEY_ID");
      String secret = variables.get("AWS_SECRET_ACCESS_KEY");
      String region = variables.get("AWS_REGION");
      if (endpoint == null || key == null || secret == null || region == null) {
        return null;
      }
      Command.run(
          "curl", "--silent", "--show-error", "--fail", "--max-time", "60",
          "--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD",
          "--aws-sigv4", "aws:amz:" + region + ":s3", "--user", key + ":" + secret,
          "--request", "PUT", endpoint + "/" + name);
      URI address = URI.create(endpoint);
      return new S3(new InetSocketAddress(address.getHost(), address.getPort()), name, region);
    }

    String url(String host, int port) {
      return "s3://%s/volume?endpoint=http://%s:%d&path-style=true&region=%s"
          .formatted(name, host, port, region);
    }
  }
}
