package io.strata.store.s3;

import io.strata.store.ObjectKey;
import io.strata.store.StoreException;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a failed request means for the caller of a store. */
final class S3Errors {
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
    if (isCausedByCertificate(failure)) {
      return new StoreException.Refused(
          what + ": the server's certificate is not trusted: " + firstLine(failure), failure);
    }
    return new StoreException.Unavailable(what + ": " + firstLine(failure), failure);
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
      case 401, 403 -> new StoreException.Refused(text + "; check credentials and policy", answer);
      case 301, 307 -> new StoreException.Refused(text + "; check region and endpoint", answer);
      // 408 and 429: slow down. 409: another conditional put of this key is under way.
      case 408, 409, 429 -> new StoreException.Unavailable(text, answer);
      case 501 -> new StoreException.Refused(text, answer);
      default ->
          status >= 500 || code.equals("RequestTimeout")
              ? new StoreException.Unavailable(text, answer)
              : new StoreException.Refused(text, answer);
    };
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

  /** What the SDK says, without the advice that it may add. */
  private static String firstLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.lines().findFirst().orElse("").replaceAll(" \\(SDK Attempt Count: 1\\)$", "");
  }

  private String atEndpoint() {
    return location.endpoint() == null ? "" : " at " + location.endpoint();
  }

  private static boolean isCausedByCertificate(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }
}
