package io.strata.tests.proxy;

import java.util.Locale;
import java.util.Map;

/**
 * A request as it arrived.
 *
 * @param method of HTTP
 * @param target path and query as sent
 * @param headers names in lower case
 */
public record ProxyRequest(String method, String target, Map<String, String> headers) {
  public ProxyRequest {
    headers = Map.copyOf(headers);
  }

  /** The value of a header, or "". */
  public String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  @Override
  public String toString() {
    return method + " " + target;
  }
}
