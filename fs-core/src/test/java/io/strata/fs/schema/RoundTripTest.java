package io.strata.fs.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written is read back, as an entry of the tree and in a group. */
class RoundTripTest {
  @Provide
  Arbitrary<List<Mutation>> groups() {
    return Records.mutations().list().ofMaxSize(8);
  }

  @Provide
  Arbitrary<Mutation> mutations() {
    return Records.mutations();
  }

  @Provide
  Arbitrary<Ino> inos() {
    return Records.inos().filter(ino -> ino.value() < Long.MAX_VALUE);
  }

  @Provide
  Arbitrary<FileName> names() {
    return Records.names();
  }

  @Property(tries = 500)
  void groupsComeBack(@ForAll("groups") List<Mutation> group) throws MalformedRecord {
    assertThat(MutationCodec.decode(MutationCodec.encode(group))).isEqualTo(group);
  }

  @Property(tries = 1000)
  void entriesComeBack(@ForAll("mutations") Mutation mutation) throws MalformedRecord {
    byte[] value = mutation.value();
    if (value != null) {
      assertThat(value).isNotEmpty();
      assertThat(Mutation.ofEntry(mutation.key(), value)).isEqualTo(mutation);
    } else {
      assertThat(TreeKeys.decode(mutation.key())).isNotNull();
    }
  }

  @Property(tries = 300)
  void keysAreOrderedByInodeThenName(
      @ForAll("inos") Ino a,
      @ForAll("inos") Ino b,
      @ForAll("names") FileName x,
      @ForAll("names") FileName y) {
    int expected = a.equals(b) ? x.compareTo(y) : a.compareTo(b);
    int found = Arrays.compareUnsigned(TreeKeys.dentry(a, x), TreeKeys.dentry(b, y));
    assertThat(Integer.signum(found)).isEqualTo(Integer.signum(expected));
    assertThat(within(TreeKeys.dentry(a, x), TreeKeys.allOf(a))).isTrue();
    assertThat(within(TreeKeys.dentry(a, x), TreeKeys.dentries(a))).isTrue();
    assertThat(within(TreeKeys.inode(a), TreeKeys.dentries(a))).isFalse();
    assertThat(within(TreeKeys.dentry(a, y), TreeKeys.dentriesAfter(a, x)))
        .isEqualTo(y.compareTo(x) > 0);
  }

  private static boolean within(byte[] key, TreeKeys.Range range) {
    return Arrays.compareUnsigned(range.from(), key) <= 0
        && Arrays.compareUnsigned(key, range.toExclusive()) < 0;
  }
}
