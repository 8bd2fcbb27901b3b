package io.strata.store.s3;

import io.strata.store.ObjectKey;
import io.strata.store.StoreException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a failed request means for the caller of a store. */
final class S3Errors {
  private static final String EXPIRED = "ExpiredToken";
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private static final Pattern ADDED =
      Pattern.compile(
          "^Unable to execute HTTP request: |\\.? The request will usually succeed on a retry.*$"
              + "|\\.? Channel Information: .*$| \\(SDK Attempt Count: 1\\)$");

  private final S3Location location;

  S3Errors(S3Location location) {
    this.location = location;
  }

  /**
   * The exception for a failed request.
   *
   * @param verb what was asked, for messages
   * @param key the object that it was about, if it was about one
   * @param failure what the SDK failed with
   */
  StoreException explain(String verb, @Nullable ObjectKey key, Throwable failure) {
    String what = verb + (key == null ? "" : " " + key) + " in " + location;
    if (failure instanceof S3Exception answer) {
      return explainAnswer(what, key, answer);
    }
    String distrust = distrust(failure);
    if (distrust != null) {
      return new StoreException.Refused(what + atEndpoint() + ": " + distrust, failure);
    }
    return new StoreException.Unavailable(what + ": " + unreachable(failure), failure);
  }

  private String unreachable(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnknownHostException e -> {
          return "no address is known for the host" + atEndpoint();
        }
        // What becomes of the record that is not TLS, nobody tells.
        case ClosedChannelException e when location.isHttps() -> {
          return firstLine(failure) + "; if it always is, the server may not speak TLS (http://)";
        }
        default -> {}
      }
    }
    return firstLine(failure);
  }

  private StoreException explainAnswer(String what, @Nullable ObjectKey key, S3Exception answer) {
    int status = answer.statusCode();
    String code = code(answer);
    if (code.equals("NoSuchBucket")) {
      return new StoreException.Refused(
          "there is no bucket %s%s: create it first, or correct the URL"
              .formatted(location.bucket(), atEndpoint()),
          answer);
    }
    String text = "%s: %s".formatted(what, describe(status, code, answer));
    return switch (status) {
      case 404 ->
          key == null
              ? new StoreException.Refused(text, answer)
              : new StoreException.Missing(key, location.toString());
      case 412 ->
          key == null
              ? new StoreException.Refused(text, answer)
              : new StoreException.Exists(key, location.toString());
      case 401, 403 -> new StoreException.Refused(text + "; " + remedy(code), answer);
      case 301, 307 -> new StoreException.Refused(text + "; check region and endpoint", answer);
      // 409: another conditional put of this key is under way.
      case 408, 409 -> new StoreException.Unavailable(text, answer);
      case 429, 503 -> new StoreException.Throttled(text, retryAfter(answer), answer);
      case 501 -> new StoreException.Refused(text, answer);
      default ->
          status >= 500 || code.equals("RequestTimeout")
              ? new StoreException.Unavailable(text, answer)
              : new StoreException.Refused(
                  EXPIRED.equals(code) ? text + "; " + remedy(code) : text, answer);
    };
  }

  private static String remedy(String code) {
    return switch (code) {
      case EXPIRED, "TokenRefreshRequired", "RequestExpired" ->
          "the credentials have expired: renew them";
      case "RequestTimeTooSkewed" ->
          "set the clock of this machine: signatures are good for 15 minutes";
      default -> "check credentials and policy";
    };
  }

  /** How long the server wants to be left alone, if it says so in seconds. */
  private static @Nullable Duration retryAfter(S3Exception answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    SdkHttpResponse response = details == null ? null : details.sdkHttpResponse();
    String text =
        response == null ? "" : response.firstMatchingHeader("Retry-After").orElse("").strip();
    // The other form, a date, is rare, and clocks differ.
    return SECONDS.matcher(text).matches() ? Duration.ofSeconds(Long.parseLong(text)) : null;
  }

  /** The error code in a server's answer, or "". */
  static String code(S3Exception answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    return code == null ? "" : code;
  }

  private static String describe(int status, String code, S3Exception answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    String message = details == null ? null : details.errorMessage();
    StringBuilder text = new StringBuilder("the server answered " + status);
    if (!code.isEmpty()) {
      text.append(' ').append(code);
    }
    if (message != null && !message.isEmpty() && !message.equals(code)) {
      text.append(" (").append(message.lines().findFirst().orElse("")).append(')');
    }
    if (answer.requestId() != null) {
      text.append(", request ").append(answer.requestId());
    }
    return text.toString();
  }

  /** What the SDK says, without the advice and the diagnostics that it adds. */
  private static String firstLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return ADDED.matcher(message.lines().findFirst().orElse("")).replaceAll("");
  }

  private String atEndpoint() {
    return location.endpoint() == null ? "" : " at " + location.endpoint();
  }

  /** Why the server was not trusted, in words; null if that was not the trouble. */
  private static @Nullable String distrust(Throwable failure) {
    String found = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case CertPathBuilderException e -> {
          return "nobody trusted here vouches for the server's certificate; name who does with"
              + " ?ca=FILE or AWS_CA_BUNDLE";
        }
        case CertificateExpiredException e -> {
          return "the server's certificate has expired: " + firstLine(e);
        }
        case CertificateNotYetValidException e -> {
          return "the server's certificate is not valid yet: " + firstLine(e);
        }
        case CertificateException e -> found = firstLine(e);
        default -> {}
      }
    }
    return found == null ? null : "the server's certificate does not fit: " + found;
  }
}
