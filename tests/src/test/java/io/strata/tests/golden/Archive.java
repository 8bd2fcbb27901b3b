package io.strata.tests.golden;

import io.strata.store.ByteRange;
import io.strata.store.ObjectKey;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** A bucket and what its volume holds, in a zip file: an entry per object, and the manifest. */
record Archive(MemStore bucket, String manifest) {
  /** No key of Strata's has this name. */
  private static final String MANIFEST = "MANIFEST.txt";

  /** The archive of format version 1. */
  static Archive version1() throws IOException {
    return load("/golden/version-1.zip");
  }

  private static Archive load(String resource) throws IOException {
    MemStore bucket = new MemStore();
    String manifest = "";
    InputStream file = Archive.class.getResourceAsStream(resource);
    if (file == null) {
      throw new IOException("no " + resource + " in the class path");
    }
    try (ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        byte[] bytes = zip.readAllBytes();
        if (entry.getName().equals(MANIFEST)) {
          manifest = new String(bytes, StandardCharsets.UTF_8);
        } else {
          bucket.put(new ObjectKey(entry.getName()), bytes);
        }
      }
    }
    return new Archive(bucket, manifest);
  }

  void write(OutputStream file) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      write(zip, MANIFEST, manifest.getBytes(StandardCharsets.UTF_8));
      for (ObjectKey key : bucket.keys()) {
        write(zip, key.value(), bytes(bucket, key));
      }
    }
  }

  private static void write(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  /** All bytes of an object, a copy. */
  static byte[] bytes(MemStore bucket, ObjectKey key) throws IOException {
    ByteBuffer whole = bucket.get(key, ByteRange.ALL);
    byte[] bytes = new byte[whole.remaining()];
    whole.get(bytes);
    return bytes;
  }
}
