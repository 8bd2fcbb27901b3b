package io.strata.tests.store;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;

/** An authority of our own, made with the JDK's keytool, and servers that it vouches for. */
final class TestCertificates {
  private static final String PASSWORD = "not secret";

  private final Path keys;

  /** Makes an authority in a folder. */
  TestCertificates(Path folder) throws IOException, InterruptedException {
    keys = folder.resolve("keys.p12");
    make("authority", "-ext", "bc:c");
  }

  /** The authority's certificate in a file, as its users are given it. */
  Path authority(Path file) throws IOException, InterruptedException {
    keytool("-exportcert", "-rfc", "-alias", "authority", "-file", file.toString());
    return file;
  }

  /**
   * TLS as a server speaks it.
   *
   * @param name an alias for its key
   * @param valid from when its certificate is valid, as keytool writes it: "-3d"
   * @param host the name that its certificate is for, as keytool writes it: "dns:host"
   */
  SslContext server(String name, String valid, String host)
      throws IOException, InterruptedException, GeneralSecurityException {
    make(
        name, "-signer", "authority", "-ext", "san=" + host, "-startdate", valid, "-validity", "2");
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(
        name,
        store.getKey(name, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        store.getCertificateChain(name));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(one, PASSWORD.toCharArray());
    return SslContextBuilder.forServer(factory).build();
  }

  private void make(String name, String... more) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keyalg", "EC"));
    arguments.addAll(List.of(more));
    keytool(arguments.toArray(String[]::new));
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", keys.toString(), "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String says = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool: " + says);
    }
  }
}
