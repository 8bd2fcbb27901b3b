package io.strata.fs.continuity;

import io.strata.store.Epoch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The files of a state directory: {@code client-KEY} for each client, {@code other-KEY-WHAT} for what
 * others remember of it, {@code witness-EPOCH}, {@code losses}.
 *
 * @param path the folder
 * @param owner whose files count
 */
record StateFiles(Path path, MappedFile.Owner owner) {
  private static final String CLIENT = "client-";
  private static final String COMPANION = "other-";
  private static final String WITNESS = "witness-";
  private static final String UNFINISHED = ".new";

  /** What stands for a client's name, which may be anything, in the name of its file. */
  static String key(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** Makes the folder if it is not there; nobody else may enter it. */
  void prepare() throws IOException {
    if (!Files.isDirectory(path)) {
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(path, "*" + UNFINISHED)) {
      for (Path file : unfinished) {
        Files.delete(file);
      }
    }
  }

  /** The clients that are remembered, by their keys; what is not whole is removed. */
  Map<String, ClientFile> clients() throws IOException {
    Map<String, ClientFile> clients = new HashMap<>();
    try (DirectoryStream<Path> there = Files.newDirectoryStream(path, CLIENT + "*")) {
      for (Path file : there) {
        Optional<ClientFile> client = ClientFile.open(file, owner);
        if (client.isPresent()) {
          clients.put(file.getFileName().toString().substring(CLIENT.length()), client.get());
        } else {
          Files.delete(file);
        }
      }
    }
    removeCompanionsOfOthers(clients.keySet());
    return clients;
  }

  /** What belongs to no client that is remembered is from another boot, or another volume. */
  private void removeCompanionsOfOthers(Set<String> keys) throws IOException {
    try (DirectoryStream<Path> there = Files.newDirectoryStream(path, COMPANION + "*")) {
      for (Path file : there) {
        String of = file.getFileName().toString().substring(COMPANION.length());
        if (keys.stream().noneMatch(key -> of.startsWith(key + "-"))) {
          Files.delete(file);
        }
      }
    }
  }

  Path companion(String key, String what) {
    return path.resolve(COMPANION + key + "-" + what);
  }

  Path client(String key) {
    return path.resolve(CLIENT + key);
  }

  /** What others remember of it is theirs to remove, or is removed when the volume is opened. */
  void removeClient(String key) throws IOException {
    Files.deleteIfExists(client(key));
  }

  Path losses() {
    return path.resolve("losses");
  }

  Path witness(Epoch epoch) {
    return path.resolve(WITNESS + epoch);
  }

  Optional<Witness> openWitness(Epoch epoch) throws IOException {
    return Witness.open(witness(epoch), owner, epoch);
  }

  /** Removes all that is left when there are no clients. */
  void removeAll() throws IOException {
    Files.deleteIfExists(losses());
    removeCompanionsOfOthers(Set.of());
    try (DirectoryStream<Path> there = Files.newDirectoryStream(path, WITNESS + "*")) {
      for (Path file : there) {
        Files.delete(file);
      }
    }
  }

  void removeWitnessesBefore(Epoch epoch) throws IOException {
    try (DirectoryStream<Path> there = Files.newDirectoryStream(path, WITNESS + "*")) {
      for (Path file : there) {
        if (!file.equals(witness(epoch))) {
          Files.delete(file);
        }
      }
    }
  }
}
