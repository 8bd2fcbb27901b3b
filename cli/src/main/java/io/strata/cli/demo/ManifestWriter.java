package io.strata.cli.demo;

import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Manifest} in the making. It keeps running digests, so that a file can grow and two names
 * can be one file without the bytes being kept. Confined to one thread.
 */
final class ManifestWriter {
  private final Map<String, MessageDigest> digests = new TreeMap<>();

  /** Notes a new file. */
  void put(String path, byte[] bytes) {
    MessageDigest digest = Checksum.digest();
    digest.update(bytes);
    digests.put(path, digest);
  }

  /** Notes that a file has grown, under all of its names. */
  void append(String path, byte[] bytes) {
    known(path).update(bytes);
  }

  /** Notes that a file, or all that is in a directory, has another name. */
  void rename(String path, String newPath) {
    for (String old : paths()) {
      if (old.equals(path) || old.startsWith(path + "/")) {
        MessageDigest digest = known(old);
        digests.remove(old);
        digests.put(newPath + old.substring(path.length()), digest);
      }
    }
  }

  /** Notes that a file has one more name. */
  void link(String path, String newPath) {
    digests.put(newPath, known(path));
  }

  private MessageDigest known(String path) {
    @Nullable MessageDigest digest = digests.get(path);
    if (digest == null) {
      throw new IllegalArgumentException("no such file: " + path);
    }
    return digest;
  }

  /** The paths so far, in order; a copy. */
  List<String> paths() {
    return List.copyOf(digests.keySet());
  }

  /** What is to be there now. */
  Manifest finish() {
    Map<String, String> checksums = new TreeMap<>();
    digests.forEach((path, digest) -> checksums.put(path, Checksum.soFar(digest)));
    return new Manifest(checksums);
  }
}
