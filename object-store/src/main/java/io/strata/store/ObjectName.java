package io.strata.store;

import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the key of an object says that it is; {@link ObjectNames} read backwards. */
public sealed interface ObjectName {
  /** The volume's descriptor. */
  record Volume() implements ObjectName {}

  /** A head. */
  record Head(long number) implements ObjectName {}

  /** The announcement of somebody who waits for the volume. */
  record Standby(UUID token) implements ObjectName {}

  /** A log object. */
  record Log(Epoch epoch, long sequence) implements ObjectName {}

  /** A segment. */
  record Segment(Nonce nonce) implements ObjectName {}

  /** A pack of tree pages. */
  record Pack(Nonce nonce) implements ObjectName {}

  /** Nothing of Strata's. */
  record Foreign() implements ObjectName {}

  Pattern SHAPE =
      Pattern.compile(
          "head/(?<head>[0-9a-f]{16})"
              + "|head/standby-(?<standby>[0-9a-f]{32})"
              + "|log/(?<epoch>[0-9a-f]{8})/(?<sequence>[0-9a-f]{16})"
              + "|seg/[0-9a-f]{2}/(?<segment>[0-9a-f]{8}-[0-9a-f]{8})"
              + "|tree/[0-9a-f]{2}/(?<pack>[0-9a-f]{8}-[0-9a-f]{8})");

  /** Reads a key; only what Strata would write for the same thing counts. */
  static ObjectName of(ObjectKey key) {
    if (key.equals(ObjectNames.VOLUME)) {
      return new Volume();
    }
    Matcher shape = SHAPE.matcher(key.value());
    if (!shape.matches()) {
      return new Foreign();
    }
    try {
      ObjectName name = read(shape);
      return canonical(name).equals(key) ? name : new Foreign();
    } catch (IllegalArgumentException impossibleNumber) {
      return new Foreign();
    }
  }

  private static ObjectName read(Matcher shape) {
    if (shape.group("head") != null) {
      long number = Long.parseUnsignedLong(shape.group("head"), 16);
      return number > 0 ? new Head(number) : new Foreign();
    }
    if (shape.group("standby") != null) {
      String token = shape.group("standby");
      return new Standby(
          new UUID(
              Long.parseUnsignedLong(token, 0, 16, 16), Long.parseUnsignedLong(token, 16, 32, 16)));
    }
    if (shape.group("epoch") != null) {
      long sequence = Long.parseUnsignedLong(shape.group("sequence"), 16);
      Epoch epoch = new Epoch(Integer.parseUnsignedInt(shape.group("epoch"), 16));
      return sequence >= 0 ? new Log(epoch, sequence) : new Foreign();
    }
    return shape.group("segment") != null
        ? new Segment(nonce(shape.group("segment")))
        : new Pack(nonce(shape.group("pack")));
  }

  private static Nonce nonce(String text) {
    Epoch epoch = new Epoch(Integer.parseUnsignedInt(text, 0, 8, 16));
    return Nonce.of(epoch, Long.parseLong(text, 9, 17, 16));
  }

  private static ObjectKey canonical(ObjectName name) {
    return switch (name) {
      case Volume() -> ObjectNames.VOLUME;
      case Head(long number) -> ObjectNames.head(number);
      case Standby(UUID token) -> ObjectNames.standby(token);
      case Log(Epoch epoch, long sequence) -> ObjectNames.log(epoch, sequence);
      case Segment(Nonce nonce) -> ObjectNames.segment(nonce);
      case Pack(Nonce nonce) -> ObjectNames.pack(nonce);
      case Foreign() -> throw new IllegalArgumentException("a foreign object has no name");
    };
  }
}
