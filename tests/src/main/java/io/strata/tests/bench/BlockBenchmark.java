package io.strata.tests.bench;

import io.strata.segment.format.Codec;
import io.strata.segment.format.SegmentFormat;
import io.strata.segment.format.StoredBlock;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A 64 KiB block: compressed and checksummed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BlockBenchmark {
  /** How much of a block is noise, in hundredths. */
  @Param({"0", "50", "100"})
  private int noise;

  private final byte[] block = new byte[SegmentFormat.BLOCK_BYTES];

  /** Makes the block. */
  @Setup
  public void fill() {
    byte[] random = new byte[block.length];
    new Random(1).nextBytes(random);
    for (int i = 0; i < block.length; i++) {
      block[i] = i / 64 % 100 < noise ? random[i] : (byte) (i / 64);
    }
  }

  /** Encodes it. */
  @Benchmark
  public StoredBlock encode() {
    return StoredBlock.encode(block, Codec.LZ4);
  }
}
