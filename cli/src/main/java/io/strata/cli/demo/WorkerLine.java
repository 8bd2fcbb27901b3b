package io.strata.cli.demo;

import java.io.IOException;
import java.util.List;

/** What a worker tells its parent, a line each: a word and its values, tabs between them. */
sealed interface WorkerLine {
  /**
   * A step goes on.
   *
   * @param step its name
   * @param done so far
   * @param all how much there will be; 0 if that is not known
   */
  record Going(String step, long done, long all) implements WorkerLine {}

  /**
   * A step is done. The worker goes on when it has read a line.
   *
   * @param step its name
   * @param work how much was done
   * @param nanos how long it took
   * @param requests what it cost, as far as the worker knows
   */
  record Done(String step, Step.Work work, long nanos, Requests requests) implements WorkerLine {}

  /**
   * Records of a journal are durable.
   *
   * @param journal its number
   * @param records how many, from the first on
   */
  record Acknowledged(int journal, int records) implements WorkerLine {}

  /**
   * It could not go on.
   *
   * @param reason why
   */
  record Failed(String reason) implements WorkerLine {}

  /** The line, without its end. */
  default String line() {
    return switch (this) {
      case Going going -> join("going", going.step(), going.done(), going.all());
      case Done done ->
          join(
              "done",
              done.step(),
              done.work().files(),
              done.work().bytes(),
              done.nanos(),
              done.requests().puts(),
              done.requests().gets());
      case Acknowledged acknowledged ->
          join("acknowledged", acknowledged.journal(), acknowledged.records());
      case Failed failed -> join("failed", failed.reason().replaceAll("\\s+", " "));
    };
  }

  private static String join(Object... values) {
    return String.join("\t", List.of(values).stream().map(Object::toString).toList());
  }

  /**
   * Reads a line.
   *
   * @throws IOException if it is none of these
   */
  static WorkerLine parse(String line) throws IOException {
    String[] words = line.split("\t", -1);
    try {
      return switch (words[0]) {
        case "going" -> new Going(words[1], Long.parseLong(words[2]), Long.parseLong(words[3]));
        case "done" ->
            new Done(
                words[1],
                new Step.Work(Long.parseLong(words[2]), Long.parseLong(words[3])),
                Long.parseLong(words[4]),
                new Requests(Long.parseLong(words[5]), Long.parseLong(words[6])));
        case "acknowledged" ->
            new Acknowledged(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        case "failed" -> new Failed(words[1]);
        default -> throw new IOException("the worker said: " + line);
      };
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException("the worker said: " + line, e);
    }
  }
}
