package io.strata.tests.restart;

import io.strata.tests.vmm.FuseAnswer;
import io.strata.tests.vmm.FuseRequest;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * A program in the guest, which a crash of the daemon does not interrupt: its requests take long
 * then, and some of what it had not synced may be gone. Confined to its thread.
 */
abstract class Program {
  static final int EIO = 5;

  final Guest guest;
  final GuestFiles files;
  final SplittableRandom random;
  private int connection = 1;
  private volatile int checked = 1;

  Program(Guest guest, long seed) {
    this.guest = guest;
    this.files = new GuestFiles(guest);
    this.random = new SplittableRandom(seed);
  }

  /** Makes what it works on, before anything can be lost. */
  abstract void prepare() throws InterruptedException;

  /** A few requests. If a crash came between, checks everything; there is no other meanwhile. */
  abstract void step() throws InterruptedException;

  /** What happened to it, in a line. */
  abstract String summary();

  /** Makes everything durable and lets everything go. */
  abstract void finish() throws InterruptedException;

  /** The newest connection after the beginning of which it has checked everything. Any thread. */
  final int checked() {
    return checked;
  }

  /** Steps on until told to stop. */
  final void runUntil(BooleanSupplier enough) throws InterruptedException {
    while (!enough.getAsBoolean()) {
      step();
      checked = connection;
    }
  }

  /** Sends requests together and waits for all answers. */
  final List<FuseAnswer> all(List<FuseRequest> requests) throws InterruptedException {
    List<CompletableFuture<FuseAnswer>> sent = new ArrayList<>();
    for (FuseRequest request : requests) {
      sent.add(guest.send(request));
    }
    List<FuseAnswer> answers = new ArrayList<>();
    for (CompletableFuture<FuseAnswer> future : sent) {
      answers.add(guest.await(future));
    }
    return answers;
  }

  /** Whether another daemon than the one so far has answered any of these; then says so once. */
  final boolean crashed(List<FuseAnswer> answers) {
    int newest = answers.stream().mapToInt(FuseAnswer::connection).max().orElse(connection);
    if (newest == connection) {
      return false;
    }
    connection = newest;
    return true;
  }

  /** The connection that answers are expected from. */
  final int connection() {
    return connection;
  }
}
