package io.strata.cli.demo;

/** How many records of each journal are known to be durable. Confined to one thread. */
final class Acknowledged {
  private final int[] records = new int[Journal.COUNT];

  void note(WorkerLine.Acknowledged line) {
    records[line.journal()] = line.records();
  }

  int of(Journal journal) {
    return records[journal.number()];
  }

  /** All together. */
  int total() {
    int sum = 0;
    for (int each : records) {
      sum += each;
    }
    return sum;
  }

  /** Their bytes. */
  Step.Work work() {
    long bytes = 0;
    for (int number = 0; number < records.length; number++) {
      for (int index = 0; index < records[number]; index++) {
        bytes += new Journal(number).record(index).length;
      }
    }
    return new Step.Work(total(), bytes);
  }
}
