package io.strata.btree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever is done to a tree, it is the sorted map that one expects; so are its checkpoints. */
class TreeModelTest {
  private static final byte[] LONG_PREFIX =
      "a-directory-with-a-name-that-is-long/".getBytes(StandardCharsets.US_ASCII);

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void isASortedMap(@ForAll("sizes") TreeSizes sizes, @ForAll("steps") List<TreeStep> steps)
      throws IOException {
    ModelledTree tree = new ModelledTree(sizes);
    for (TreeStep step : steps) {
      step.run(tree);
      tree.check();
    }
    tree.checkWhole();
  }

  @Provide
  Arbitrary<TreeSizes> sizes() {
    return Combinators.combine(Arbitraries.of(256, 300, 1000), Arbitraries.of(0L, 3000L, 20_000L))
        .as(TreeSizes::new);
  }

  @Provide
  Arbitrary<List<TreeStep>> steps() {
    Arbitrary<TreeStep.Put> put = Combinators.combine(keys(), values()).as(TreeStep.Put::new);
    Arbitrary<TreeStep.Delete> delete = keys().map(TreeStep.Delete::new);
    Arbitrary<Integer> counts = Arbitraries.integers().between(1, 60);
    Arbitrary<TreeStep> fill =
        Combinators.combine(keys(), counts, smallValues()).as(TreeStep.Fill::new);
    Arbitrary<TreeStep> clear = Combinators.combine(keys(), counts).as(TreeStep.Clear::new);
    Arbitrary<TreeStep> renew = Combinators.combine(keys(), counts).as(TreeStep.Renew::new);
    Arbitrary<TreeStep> look = keys().map(TreeStep.Look::new);
    Arbitrary<TreeStep> scan =
        Combinators.combine(keys(), keys().injectNull(0.3), counts).as(TreeStep.Scan::new);
    Arbitrary<TreeStep> group =
        Combinators.combine(put.list().ofMaxSize(4), delete.list().ofMaxSize(20))
            .as(TreeStep.Group::new);
    Arbitrary<TreeStep> write =
        Arbitraries.frequency(Tuple.of(1, 0), Tuple.of(1, 3), Tuple.of(4, Integer.MAX_VALUE))
            .map(TreeStep.Write::new);
    Arbitrary<TreeStep> step =
        Arbitraries.frequencyOf(
            Tuple.of(30, put.map(p -> (TreeStep) p)),
            Tuple.of(10, delete.map(d -> (TreeStep) d)),
            Tuple.of(6, fill),
            Tuple.of(4, clear),
            Tuple.of(8, look),
            Tuple.of(4, scan),
            Tuple.of(6, group),
            Tuple.of(6, renew),
            Tuple.of(6, Arbitraries.just(new TreeStep.Trim())),
            Tuple.of(6, Arbitraries.just(new TreeStep.Freeze())),
            Tuple.of(8, write),
            Tuple.of(8, Arbitraries.just(new TreeStep.Commit())),
            Tuple.of(1, Arbitraries.just(new TreeStep.Abandon())),
            Tuple.of(2, Arbitraries.just(new TreeStep.Reopen())));
    return step.list().ofMinSize(1).ofMaxSize(150);
  }

  /** Few keys, so that steps meet the same ones; short, long, and much alike. */
  private static Arbitrary<TreeStep.Key> keys() {
    Arbitrary<byte[]> few =
        Arbitraries.bytes().between((byte) -2, (byte) 2).array(byte[].class).ofMaxSize(4);
    Arbitrary<byte[]> brief = Arbitraries.bytes().array(byte[].class).ofMaxSize(2);
    Arbitrary<byte[]> lengthy = brief.map(bytes -> concat(new byte[900], bytes));
    Arbitrary<byte[]> named = brief.map(bytes -> concat(LONG_PREFIX, bytes));
    Arbitrary<byte[]> numbered =
        Arbitraries.integers()
            .between(0, 1000)
            .map(n -> new byte[] {0, 0, 1, 0, 0, 0, (byte) (n >> 8), n.byteValue(), 1});
    return Arbitraries.frequencyOf(
            Tuple.of(3, few),
            Tuple.of(6, brief),
            Tuple.of(1, lengthy),
            Tuple.of(4, named),
            Tuple.of(6, numbered))
        .map(TreeStep.Key::new);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static Arbitrary<TreeStep.Value> smallValues() {
    return values(Arbitraries.integers().between(0, 40));
  }

  private static Arbitrary<TreeStep.Value> values() {
    return values(
        Arbitraries.frequencyOf(
            Tuple.of(40, Arbitraries.integers().between(0, 40)),
            Tuple.of(5, Arbitraries.integers().between(100, 2000)),
            Tuple.of(1, Arbitraries.just(64 << 10))));
  }

  private static Arbitrary<TreeStep.Value> values(Arbitrary<Integer> lengths) {
    return Combinators.combine(lengths, Arbitraries.integers().between(0, 3))
        .as(TreeStep.Value::new);
  }
}
