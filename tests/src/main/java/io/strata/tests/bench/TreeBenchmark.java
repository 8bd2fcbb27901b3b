package io.strata.tests.bench;

import io.strata.btree.BTree;
import io.strata.btree.PageMissing;
import io.strata.btree.TreeSizes;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.TreeKeys;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The tree with a million inodes in memory: get, put and scan. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TreeBenchmark {
  private static final int INODES = 1_000_000;

  private final byte[] value = new byte[60];
  private final SplittableRandom random = new SplittableRandom(1);
  private BTree tree =
      BTree.create(
          address -> {
            throw new IOException("nothing is stored");
          },
          new TreeSizes(TreeSizes.DEFAULT.pageBytes(), Long.MAX_VALUE));

  /** Fills the tree. */
  @Setup
  public void fill() throws PageMissing {
    for (int i = 1; i <= INODES; i++) {
      tree.put(TreeKeys.inode(new Ino(i)), value);
    }
  }

  /** Looks up an inode at random. */
  @Benchmark
  public byte[] get() throws PageMissing {
    byte[] found = tree.get(TreeKeys.inode(new Ino(1 + random.nextInt(INODES))));
    if (found == null) {
      throw new IllegalStateException("an inode is missing");
    }
    return found;
  }

  /** Replaces an inode at random. */
  @Benchmark
  public Object put() throws PageMissing {
    Object before = tree.put(TreeKeys.inode(new Ino(1 + random.nextInt(INODES))), value);
    if (before == null) {
      throw new IllegalStateException("an inode is missing");
    }
    return before;
  }

  /** Visits a hundred neighbours. */
  @Benchmark
  public int scan() throws PageMissing {
    int[] left = {100};
    tree.scan(
        TreeKeys.inode(new Ino(1 + random.nextInt(INODES - 100))),
        null,
        (key, found) -> --left[0] > 0);
    return left[0];
  }
}
