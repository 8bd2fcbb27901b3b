package io.strata.fs.posix;

import static io.strata.fs.posix.Step.Kind.ALLOCATE;
import static io.strata.fs.posix.Step.Kind.COPY;
import static io.strata.fs.posix.Step.Kind.CREATE;
import static io.strata.fs.posix.Step.Kind.EXCHANGE;
import static io.strata.fs.posix.Step.Kind.LINK;
import static io.strata.fs.posix.Step.Kind.MAKE_DIRECTORY;
import static io.strata.fs.posix.Step.Kind.OPEN;
import static io.strata.fs.posix.Step.Kind.OPEN_DIRECTORY;
import static io.strata.fs.posix.Step.Kind.READ;
import static io.strata.fs.posix.Step.Kind.REMOVE_DIRECTORY;
import static io.strata.fs.posix.Step.Kind.RENAME;
import static io.strata.fs.posix.Step.Kind.SEEK;
import static io.strata.fs.posix.Step.Kind.TRUNCATE;
import static io.strata.fs.posix.Step.Kind.UNLINK;
import static io.strata.fs.posix.Step.Kind.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.WouldBlock;
import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.schema.Timestamp;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * Random operations answer as the model does, and leave what the model has. Runs longer with {@code
 * -Dstrata.test.jvm="-Djqwik.tries.default=5000"}.
 */
class ModelTest {
  private static final long CAPACITY_BYTES = 20_000;
  private static final int STEPS_MAX = 250;

  @Provide
  Arbitrary<List<Step>> sequences() {
    Arbitrary<Integer> numbers =
        Arbitraries.integers().between(0, 100_000).withDistribution(uniform());
    return Combinators.combine(kinds(), numbers, numbers, numbers, numbers)
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(STEPS_MAX)
        .withSizeDistribution(uniform());
  }

  /** What makes things comes more often than what needs them, bytes more often than the rest. */
  private static Arbitrary<Step.Kind> kinds() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.of(Step.Kind.class)),
        Tuple.of(2, Arbitraries.of(CREATE, RENAME, LINK, OPEN)),
        Tuple.of(2, Arbitraries.of(UNLINK, RENAME, EXCHANGE)),
        Tuple.of(1, Arbitraries.of(MAKE_DIRECTORY, REMOVE_DIRECTORY, OPEN_DIRECTORY)),
        Tuple.of(4, Arbitraries.of(WRITE, READ, WRITE, READ, TRUNCATE, COPY, ALLOCATE, SEEK)));
  }

  private static RandomDistribution uniform() {
    return RandomDistribution.uniform();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void answersAsTheModel(@ForAll("sequences") List<Step> steps) throws FsException {
    run(steps, new TestEngine());
  }

  /**
   * With no page in memory each operation is begun again for each page that it needs. First it may
   * not wait and must have changed nothing, then it may.
   */
  @Property(edgeCases = EdgeCasesMode.NONE)
  void answersAsTheModelWhenEveryPageIsMissing(@ForAll("sequences") List<Step> steps)
      throws FsException {
    TestEngine engine = new TestEngine();
    engine.goCold();
    run(steps, engine);
  }

  private static void run(List<Step> steps, TestEngine engine) throws FsException {
    Timestamp[] now = {new Timestamp(1_000, 0)};
    engine.setCapacity(CAPACITY_BYTES);
    Side real = new Side(new VolumeFileSystem(engine, AccessTimePolicy.NEVER));
    Side model = new Side(new ModelFileSystem(() -> now[0], CAPACITY_BYTES));
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      now[0] = new Timestamp(1_001 + i, i);
      engine.setNow(now[0]);
      int user = step.d() % 3;
      Object expected = model.run(step, new Caller(user, user, 1, true));
      Object found = runHasty(real, step, user, engine);
      assertThat(found).as("step %d: %s", i, step).isEqualTo(expected);
      real.noteDirectory(found);
      model.noteDirectory(expected);
      engine.runBackground();
      TreeChecks.check(engine);
    }
    assertThat(real.everything(Caller.ROOT)).isEqualTo(model.everything(Caller.ROOT));
  }

  private static Object runHasty(Side real, Step step, int user, TestEngine engine)
      throws WouldBlock {
    int groups = engine.groupCount();
    try {
      return real.run(step, new Caller(user, user, 1, false));
    } catch (WouldBlock e) {
      assertThat(engine.groupCount()).as("groups written before it would block").isEqualTo(groups);
      return real.run(step, new Caller(user, user, 1, true));
    }
  }
}
