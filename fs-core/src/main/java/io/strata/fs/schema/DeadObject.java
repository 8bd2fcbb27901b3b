package io.strata.fs.schema;

import io.strata.store.Nonce;

/**
 * An object that the tree refers to no more and that an older checkpoint may still need.
 *
 * <p>Stored under its death head, kind and nonce ({@link TreeKeys#dead}) as: varint birth head ·
 * varint stored bytes.
 *
 * @param deathHead number of the first head that does not refer to it
 * @param kind what it is
 * @param nonce its name
 * @param birthHead number of the first head that did refer to it
 * @param storedBytes length of the object
 */
public record DeadObject(long deathHead, Kind kind, Nonce nonce, long birthHead, long storedBytes) {

  /** What can die. */
  public enum Kind {
    SEGMENT(1),
    PACK(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The code in the key. */
    public int code() {
      return code;
    }

    static Kind ofCode(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no such kind of object: " + code);
    }
  }

  public DeadObject {
    if (deathHead < 0 || birthHead < 0 || storedBytes < 0) {
      throw new IllegalArgumentException(
          "no such dead object: %s, born at head %d, dead at head %d, %d bytes"
              .formatted(nonce, birthHead, deathHead, storedBytes));
    }
  }

  /** The value in the tree. */
  public byte[] encode() {
    RecordWriter out = new RecordWriter(16);
    write(out);
    return out.toBytes();
  }

  void write(RecordWriter out) {
    out.varint(birthHead).varint(storedBytes);
  }

  static DeadObject read(TreeKey.Dead key, RecordReader in) throws MalformedRecord {
    return new DeadObject(key.deathHead(), key.kind(), key.nonce(), in.count(), in.count());
  }
}
