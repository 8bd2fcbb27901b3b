package io.strata.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How the volume is served: by a daemon behind a mount, or within the process that uses it. */
sealed interface Host extends AutoCloseable permits MountHost, LibraryHost {
  /** What it is, for people. */
  String description();

  /** Opens the volume for the worker. */
  void open() throws IOException, InterruptedException;

  /** Arguments of {@code strata} that start the worker. */
  List<String> worker(int filesMax, Path manifest);

  /** What the store was asked by the process that has the volume; none if only the worker knows. */
  Requests requests() throws IOException;

  /** Kills, with SIGKILL, the process that has the volume. */
  void kill(Process worker) throws IOException, InterruptedException;

  /** Opens the volume again after that. */
  DemoTree reopen() throws IOException, InterruptedException;

  /** Closes the volume as it should be. */
  void shut() throws IOException, InterruptedException;

  /** Takes away what is left, whatever the state; nothing may be left to a second call. */
  @Override
  void close();
}
