package io.strata.store.url;

import io.strata.store.ObjectKey;
import io.strata.store.s3.S3Location;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which store is meant.
 *
 * <pre>
 * file:/absolute/path
 * s3://bucket/prefix?endpoint=https://host:port&amp;region=name&amp;path-style=true
 * mem:name
 * </pre>
 *
 * <p>The path of a {@code file:} URL is taken as it is. In the parameters of an {@code s3:} URL
 * {@code %xx} stands for a byte.
 */
public sealed interface StoreUrl {
  /** A folder. */
  record Folder(Path path) implements StoreUrl {}

  /** A bucket, or a prefix of one. */
  record Bucket(S3Location location) implements StoreUrl {}

  /** A store in the memory of this process, for tests. */
  record Memory(String name) implements StoreUrl {}

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException in one line, if it is none
   */
  static StoreUrl parse(String url) {
    int colon = url.indexOf(':');
    String scheme = colon < 0 ? "" : url.substring(0, colon);
    String rest = url.substring(colon + 1);
    try {
      return switch (scheme) {
        case "file" -> folder(rest);
        case "s3" -> bucket(rest);
        case "mem" -> memory(rest);
        default -> throw new IllegalArgumentException(hint(url));
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"%s\" names no store: %s".formatted(withoutSecrets(url), e.getMessage()), e);
    }
  }

  private static Folder folder(String rest) {
    String path = rest.startsWith("///") ? rest.substring(2) : rest;
    if (!path.startsWith("/") || path.startsWith("//") || path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("write file:/absolute/path");
    }
    return new Folder(Path.of(path));
  }

  private static Memory memory(String name) {
    if (!ObjectKey.valid(name)) {
      throw new IllegalArgumentException("write mem:name");
    }
    return new Memory(name);
  }

  private static Bucket bucket(String rest) {
    if (!rest.startsWith("//")) {
      throw new IllegalArgumentException("write s3://bucket/prefix");
    }
    int question = rest.indexOf('?');
    String path = question < 0 ? rest.substring(2) : rest.substring(2, question);
    Map<String, String> parameters =
        question < 0 ? new HashMap<>() : parameters(rest.substring(question + 1));
    int slash = path.indexOf('/');
    String bucket = slash < 0 ? path : path.substring(0, slash);
    if (bucket.contains("@")) {
      throw new IllegalArgumentException(
          "credentials do not belong in a URL; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    }
    String endpoint = parameters.remove("endpoint");
    String region = parameters.remove("region");
    String pathStyle = parameters.remove("path-style");
    if (!parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no parameter \"%s\"; there are endpoint, region and path-style"
              .formatted(parameters.keySet().iterator().next()));
    }
    return new Bucket(
        new S3Location(
            bucket,
            slash < 0 ? "" : prefix(path.substring(slash + 1)),
            endpoint == null ? null : URI.create(endpoint),
            region,
            // Servers other than AWS seldom have a host name for every bucket.
            pathStyle == null ? endpoint != null : flag("path-style", pathStyle)));
  }

  private static String prefix(String path) {
    return path.isEmpty() || path.endsWith("/") ? path : path + "/";
  }

  private static boolean flag(String name, String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(name + " must be true or false");
    };
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    List<String> pairs = query.isEmpty() ? List.of() : Arrays.asList(query.split("&", -1));
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1 || equals == pair.length() - 1) {
        throw new IllegalArgumentException("parameter \"" + pair + "\" must be name=value");
      }
      String name = pair.substring(0, equals);
      // A plus sign is a plus sign here: this is no form.
      String value =
          URLDecoder.decode(pair.substring(equals + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
      String earlier = parameters.put(name, value);
      if (earlier != null) {
        throw new IllegalArgumentException("parameter \"" + name + "\" is given twice");
      }
    }
    return parameters;
  }

  private static String hint(String url) {
    return url.startsWith("/")
        ? "did you mean file:" + url + "?"
        : "it must begin with file:, s3: or mem:";
  }

  private static String withoutSecrets(String url) {
    int at = url.indexOf('@');
    return at < 0 ? url : url.substring(0, url.indexOf(':') + 1) + "…" + url.substring(at);
  }
}
