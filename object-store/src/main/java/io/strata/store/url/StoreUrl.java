package io.strata.store.url;

import io.strata.store.ObjectKey;
import io.strata.store.Place;
import io.strata.store.s3.S3Location;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which store is meant.
 *
 * <pre>
 * file:/absolute/path
 * s3://bucket/prefix?endpoint=https://host:port&amp;region=name&amp;path-style=true
 *     &amp;connections=64&amp;ca=/path/of/certificates.pem
 * mem:name
 * </pre>
 *
 * <p>The path of a {@code file:} URL is taken as it is. In the parameters of an {@code s3:} URL
 * {@code %xx} stands for a byte.
 */
public sealed interface StoreUrl {
  /** A folder. */
  record Folder(Path path) implements StoreUrl {}

  /**
   * A bucket, or a prefix of one.
   *
   * @param connections most connections at a time, if the URL says so
   * @param authorities a file of certificates to trust, if the URL names one
   */
  record Bucket(S3Location location, @Nullable Integer connections, @Nullable Path authorities)
      implements StoreUrl {}

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

  /**
   * The URL of another place in the bucket that a URL names, which is asked for in the same way.
   *
   * @throws IllegalArgumentException if there is no such place
   */
  static String elsewhere(String url, Place place) {
    return switch (parse(url)) {
      case Folder(var path) -> "file:/" + place.from(path.toString());
      case Memory(var name) -> "mem:" + place.from(name);
      case Bucket bucket -> {
        int question = url.indexOf('?');
        yield "s3://"
            + bucket.location().bucket()
            + "/"
            + place.from(bucket.location().prefix())
            + (question < 0 ? "" : url.substring(question));
      }
    };
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
    String connections = parameters.remove("connections");
    String authorities = parameters.remove("ca");
    if (!parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no parameter \"%s\"; there are endpoint, region, path-style, connections, ca"
              .formatted(parameters.keySet().iterator().next()));
    }
    S3Location location =
        new S3Location(
            bucket,
            slash < 0 ? "" : prefix(path.substring(slash + 1)),
            endpoint == null ? null : URI.create(endpoint),
            region,
            // Servers other than AWS seldom have a host name for every bucket.
            pathStyle == null ? endpoint != null : flag("path-style", pathStyle));
    return new Bucket(
        location,
        connections == null ? null : number("connections", connections),
        authorities == null ? null : absolute("ca", authorities));
  }

  private static int number(String name, String text) {
    if (!text.matches("[1-9][0-9]{0,3}")) {
      throw new IllegalArgumentException(name + " must be a number from 1 to 9999");
    }
    return Integer.parseInt(text);
  }

  private static Path absolute(String name, String text) {
    // A daemon has another current folder than who starts it.
    if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(name + " must be an absolute path");
    }
    return Path.of(text);
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
