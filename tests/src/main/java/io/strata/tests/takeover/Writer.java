package io.strata.tests.takeover;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.BooleanSupplier;

/** Works on a mount, step after step, until it may not or cannot go on. One thread runs it. */
final class Writer implements Runnable {
  private final RoundFolder folder;
  private final int round;
  private final int writer;
  private final WriterHistory history;
  private final BooleanSupplier goOn;
  private long own;
  private long shared;

  Writer(RoundFolder folder, int round, int writer, WriterHistory history, BooleanSupplier goOn) {
    this.folder = folder;
    this.round = round;
    this.writer = writer;
    this.history = history;
    this.goOn = goOn;
  }

  /** What stays open. */
  private record OpenFiles(
      FileChannel log, FileChannel sharedLog, FileChannel blocks, FileChannel names) {}

  @Override
  public void run() {
    try (FileChannel log = FileChannel.open(folder.log(writer), CREATE_NEW, WRITE, APPEND);
        FileChannel sharedLog = FileChannel.open(folder.sharedLog(), CREATE, WRITE, APPEND);
        FileChannel blocks = FileChannel.open(folder.blocks(writer), CREATE_NEW, WRITE);
        FileChannel names = FileChannel.open(folder.names(), READ)) {
      OpenFiles open = new OpenFiles(log, sharedLog, blocks, names);
      while (goOn.getAsBoolean()) {
        take(history.begin(), history.begun(), open);
        history.answer();
      }
    } catch (IOException e) {
      history.fail(e);
    }
  }

  private void take(Step step, int number, OpenFiles open) throws IOException {
    switch (step) {
      case Step.Append append -> {
        write(open.log(), content(own++, RoundFolder.RECORD_BYTES));
        open.log().force(true);
      }
      case Step.AppendShared append -> {
        write(open.sharedLog(), content(shared++, RoundFolder.RECORD_BYTES));
        open.sharedLog().force(true);
      }
      case Step.Overwrite(int block) -> {
        ByteBuffer bytes = content(number, RoundFolder.BLOCK_BYTES);
        int written = open.blocks().write(bytes, (long) block * RoundFolder.BLOCK_BYTES);
        requireWhole(written, RoundFolder.BLOCK_BYTES);
        open.blocks().force(true);
      }
      case Step.Publish(int bytes) -> publish(number, bytes, folder.published(writer));
      case Step.PublishShared(int slot, int bytes) -> publish(number, bytes, folder.slot(slot));
      case Step.Create(String name) -> {
        Files.createFile(folder.names().resolve(name));
        open.names().force(true);
      }
      case Step.Rename(String from, String to) ->
          Files.move(
              folder.names().resolve(from),
              folder.names().resolve(to),
              StandardCopyOption.ATOMIC_MOVE);
      case Step.Remove(String name) -> Files.delete(folder.names().resolve(name));
    }
  }

  private void publish(long number, int bytes, Path place) throws IOException {
    Path draft = folder.draft(writer);
    try (FileChannel file = FileChannel.open(draft, CREATE, TRUNCATE_EXISTING, WRITE)) {
      write(file, content(number, bytes));
      file.force(true);
    }
    Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(place.resolveSibling("."), READ)) {
      directory.force(true);
    }
  }

  private ByteBuffer content(long number, int bytes) {
    return new Content(round, writer, number, bytes).toBuffer();
  }

  private static void write(FileChannel file, ByteBuffer content) throws IOException {
    int bytes = content.remaining();
    requireWhole(file.write(content), bytes);
  }

  private static void requireWhole(int written, int bytes) throws IOException {
    if (written != bytes) {
      throw new IOException("%d of %d bytes were written".formatted(written, bytes));
    }
  }
}
