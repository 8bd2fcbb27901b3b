package io.strata.store.s3;

import io.strata.store.StoreException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.TlsTrustManagersProvider;

/** Whom to trust to vouch for a server, as a file of certificates names them. */
final class Authorities {
  /** Where other programs for S3 look for the file's name. */
  private static final String VARIABLE = "AWS_CA_BUNDLE";

  private Authorities() {}

  /**
   * The certificates in a file; null if no file is named, which leaves it to Java.
   *
   * @param given the file, or null for the one that the environment names
   * @throws StoreException.Refused if they cannot be read
   */
  static @Nullable TlsTrustManagersProvider from(@Nullable Path given) throws StoreException {
    String named = System.getenv(VARIABLE);
    if (given != null) {
      return read(given, given.toString());
    }
    return named == null || named.isEmpty()
        ? null
        : read(Path.of(named), "%s=%s".formatted(VARIABLE, named));
  }

  private static TlsTrustManagersProvider read(Path file, String name) throws StoreException {
    // Certificates are read byte by byte.
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new CertificateException("there is none");
      }
      TrustManager[] trust = trust(certificates);
      return () -> trust;
    } catch (IOException | GeneralSecurityException e) {
      throw new StoreException.Refused(
          "cannot read certificates in PEM from %s: %s".formatted(name, reason(e)), e);
    }
  }

  private static String reason(Exception e) {
    return e instanceof IOException
        ? e.getClass().getSimpleName()
        : String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static TrustManager[] trust(Collection<? extends Certificate> certificates)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate : certificates) {
      store.setCertificateEntry("authority-" + number++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
