package io.strata.fs.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;


/** Damaged bytes are refused or mean exactly what they say; nothing else ever happens. */
class DamageTest {
  @Provide
  Arbitrary<List<Mutation>> groups() {
    return Records.mutations().list().ofMinSize(1).ofMaxSize(3);
  }

  @Provide
  Arbitrary<Mutation> mutations() {
    return Records.mutations();
  }

  @Property(tries = 1000)
  void anyBytesAreAGroupOrRefused(@ForAll byte[] bytes) {
    acceptsOnlyWhatItWouldWrite(bytes);
  }

  @Property(tries = 1000)
  void aChangedByteIsRefusedOrMeansWhatItSays(
      @ForAll("groups") List<Mutation> group, @ForAll int where, @ForAll byte change) {
    byte[] bytes = MutationCodec.encode(group);
    bytes[Math.floorMod(where, bytes.length)] ^= change;
    acceptsOnlyWhatItWouldWrite(bytes);
  }

  @Property(tries = 500)
  void aCutGroupLosesMutationsOrIsRefused(
      @ForAll("groups") List<Mutation> group, @ForAll int where) {
    byte[] bytes = MutationCodec.encode(group);
    acceptsOnlyWhatItWouldWrite(Arrays.copyOf(bytes, Math.floorMod(where, bytes.length)));
  }

  @Property(tries = 1000)
  void aChangedEntryIsRefusedOrMeansWhatItSays(
      @ForAll("mutations") Mutation mutation, @ForAll int where, @ForAll byte change) {
    byte[] key = mutation.key();
    byte[] value = mutation.value();
    if (value == null) {
      return;
    }
    byte[] both = new byte[key.length + value.length];
    System.arraycopy(key, 0, both, 0, key.length);
    System.arraycopy(value, 0, both, key.length, value.length);
    both[Math.floorMod(where, both.length)] ^= change;
    byte[] changedKey = Arrays.copyOf(both, key.length);
    byte[] changedValue = Arrays.copyOfRange(both, key.length, both.length);
    try {
      Mutation.Put read = Mutation.ofEntry(changedKey, changedValue);
      assertThat(read.key()).isEqualTo(changedKey);
      assertThat(read.value()).isEqualTo(changedValue);
    } catch (MalformedRecord e) {
      assertThat(e).hasMessageContaining("malformed");
    }
  }

  @Example
  void saysWhatWhereAndWhy() {
    refused("00", "malformed mutation group before byte 1: no mutation has tag 0");
    refused("0201ff", "malformed mutation group before byte 3: no mutation has tag 255");
    refused("0200", "malformed mutation group before byte 2: no such inode number: 0");
    refused("0280", "malformed mutation group before byte 2: 1 more bytes expected, 0 are there");
    refused("028100", "malformed mutation group before byte 3: a number with needless bytes");
    refused(
        "0201" + "0101" + "02",
        "malformed mutation group before byte 5: version 2, this Strata reads 1");
  }

  /** A length field must not make the reader allocate what is not there. */
  @Example
  void hugeLengthsAreRefused() {
    refused("0301" + "ffffffff0f", "a length of 4294967295 bytes");
    refused("0301" + "0161" + "808004", "65536 more bytes expected, 0 are there");
    refused("0301" + "ffffffffffffffffffff", "a number of more than 64 bits");
  }

  private static void refused(String hex, String message) {
    assertThatThrownBy(() -> MutationCodec.decode(HexFormat.of().parseHex(hex)))
        .isInstanceOf(MalformedRecord.class)
        .hasMessageContaining(message);
  }

  private static void acceptsOnlyWhatItWouldWrite(byte[] bytes) {
    try {
      assertThat(MutationCodec.encode(MutationCodec.decode(bytes))).isEqualTo(bytes);
    } catch (MalformedRecord e) {
      assertThat(e).hasMessageContaining("malformed");
    }
  }
}
