package io.strata.tests.guest;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The lines that a guest has said, kept in a file too. One thread reads them; any may wait for one.
 * Guarded by itself.
 */
final class Console {
  private final List<String> lines = new ArrayList<>();
  private int awaited;
  private boolean ended;

  private Console() {}

  /** Starts to read. */
  static Console reading(InputStream from, Path copy) {
    Console console = new Console();
    Thread.ofPlatform().daemon().name("console").start(() -> console.read(from, copy));
    return console;
  }

  private void read(InputStream from, Path copy) {
    try (BufferedReader in =
            new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8));
        BufferedWriter out = Files.newBufferedWriter(copy)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.write(line.strip());
        out.newLine();
        out.flush();
        add(line.strip());
      }
    } catch (IOException e) {
      add("FAIL console " + e);
    } finally {
      end();
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /**
   * Waits for the next line, of those that nobody has waited for, that is wanted; earlier ones are
   * passed over.
   *
   * @param endNanos the {@link System#nanoTime} at which waiting ends
   * @return null if there is none before the console ends, or in time
   */
  synchronized @Nullable String await(Predicate<String> wanted, long endNanos)
      throws InterruptedException {
    while (true) {
      while (awaited < lines.size()) {
        String line = lines.get(awaited++);
        if (wanted.test(line)) {
          return line;
        }
      }
      long millis = (endNanos - System.nanoTime()) / 1_000_000;
      if (ended || millis <= 0) {
        return null;
      }
      wait(millis);
    }
  }

  /**
   * Waits until the guest has said a line that begins so, whoever else waits for it.
   *
   * @return whether it did before the console ended, and in time
   */
  synchronized boolean awaitSaid(String beginning, long endNanos) throws InterruptedException {
    while (lines.stream().noneMatch(line -> line.startsWith(beginning))) {
      long millis = (endNanos - System.nanoTime()) / 1_000_000;
      if (ended || millis <= 0) {
        return false;
      }
      wait(millis);
    }
    return true;
  }

  /** All lines so far. */
  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
