package io.strata.fs.posix;

import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.DirectoryReader;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads directories, some entries at a time, each batch as of one moment. */
final class DirectoryReads {
  private static final byte[] SELF = ".".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PARENT = "..".getBytes(StandardCharsets.US_ASCII);

  /** Entries that are looked up at first; each further batch has twice as many. */
  private static final int BATCH_MIN = 32;

  private static final int BATCH_MAX = 1024;

  private final Engine engine;

  DirectoryReads(Engine engine) {
    this.engine = engine;
  }

  /** An entry and, if wanted, its inode's attributes. */
  private record Found(FileName name, Dentry entry, @Nullable Attributes attributes) {}

  void read(
      Caller caller,
      DirectoryHandle directory,
      long cookie,
      boolean withAttributes,
      DirectoryReader reader)
      throws FsException {
    long from = cookie;
    if (from == 0 || from == DirectoryCookies.SELF) {
      if (!readSelfAndParent(caller, directory, from == 0, reader)) {
        return;
      }
      from = 0;
    } else if (from == DirectoryCookies.PARENT) {
      from = 0;
    }
    FileName after = resolve(caller, directory, directory.cookies().place(from));
    int batchMax = BATCH_MIN;
    while (true) {
      List<Found> batch = next(caller, directory.ino(), after, batchMax, withAttributes);
      for (Found found : batch) {
        if (!hand(found, directory.cookies(), reader)) {
          return;
        }
        after = found.name;
      }
      if (batch.size() < batchMax) {
        return;
      }
      batchMax = Math.min(batchMax * 2, BATCH_MAX);
    }
  }

  private boolean readSelfAndParent(
      Caller caller, DirectoryHandle directory, boolean fromSelf, DirectoryReader reader)
      throws FsException {
    Inode inode = engine.read(caller, metadata -> new Tree(metadata).inode(directory.ino()));
    Ino parent = inode.parent() == null ? directory.ino() : inode.parent();
    if (fromSelf
        && !reader.entry(
            SELF.clone(), directory.ino(), FileType.DIRECTORY, DirectoryCookies.SELF, null)) {
      return false;
    }
    return reader.entry(
        PARENT.clone(), parent, FileType.DIRECTORY, DirectoryCookies.PARENT, null);
  }

  private static boolean hand(Found found, DirectoryCookies cookies, DirectoryReader reader) {
    return reader.entry(
        found.name.toBytes(),
        found.entry.child(),
        found.entry.type(),
        cookies.cookie(found.name),
        found.attributes);
  }

  private List<Found> next(
      Caller caller, Ino directory, @Nullable FileName after, int max, boolean withAttributes)
      throws FsException {
    if (withAttributes && caller.mayWait()) {
      // Inodes lie in the order of their numbers, not of names: a batch may need many pages.
      MissingPages missing =
          engine.read(caller, metadata -> missingInodes(new Tree(metadata), directory, after, max));
      missing.loadThrough(engine);
    }
    return engine.read(
        caller, metadata -> found(new Tree(metadata), directory, after, max, withAttributes));
  }

  private static List<Found> found(
      Tree tree, Ino directory, @Nullable FileName after, int max, boolean withAttributes)
      throws PageMissing, FsException {
    List<Found> batch = new ArrayList<>();
    for (Mutation.DentryPut put : tree.entriesAfter(directory, after, max)) {
      Dentry entry = put.entry();
      batch.add(
          new Found(
              put.name(),
              entry,
              withAttributes ? Attributes.of(entry.child(), tree.child(entry)) : null));
    }
    return batch;
  }

  private static MissingPages missingInodes(
      Tree tree, Ino directory, @Nullable FileName after, int max)
      throws PageMissing, FsException {
    MissingPages missing = new MissingPages();
    for (Mutation.DentryPut put : tree.entriesAfter(directory, after, max)) {
      try {
        tree.child(put.entry());
      } catch (PageMissing e) {
        missing.add(e);
      }
    }
    return missing;
  }

  /** The name to go on behind; null to begin with the first. */
  private @Nullable FileName resolve(
      Caller caller, DirectoryHandle directory, DirectoryCookies.Place place) throws FsException {
    return switch (place) {
      case DirectoryCookies.Place.Start start -> null;
      case DirectoryCookies.Place.After(FileName name) -> name;
      case DirectoryCookies.Place.InBatch batch -> {
        FileName after = batch.start();
        while (true) {
          List<Found> some = next(caller, directory.ino(), after, BATCH_MAX, false);
          for (Found found : some) {
            if (!batch.mayHave(found.name)) {
              yield batch.start();
            }
            if (batch.is(found.name)) {
              yield found.name;
            }
            after = found.name;
          }
          if (some.size() < BATCH_MAX) {
            yield batch.start();
          }
        }
      }
    };
  }
}
