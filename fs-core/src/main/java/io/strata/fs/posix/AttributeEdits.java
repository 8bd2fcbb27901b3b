package io.strata.fs.posix;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Change;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Timestamp;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes modes, owners, lengths and times. */
final class AttributeEdits {
  private final Engine engine;

  AttributeEdits(Engine engine) {
    this.engine = engine;
  }

  Attributes change(Caller caller, Ino ino, AttributeChange change) throws FsException {
    Long size = change.size();
    if (size != null) {
      FileSize.requireRange(size, 0);
    }
    while (true) {
      if (size != null) {
        engine.read(caller, metadata -> new Tree(metadata).file(ino));
        FileSize.approach(engine, caller, ino, size);
      }
      Optional<Attributes> done =
          engine.write(caller, (metadata, now) -> apply(new Edit(metadata, now), ino, change));
      if (done.isPresent()) {
        return done.get();
      }
    }
  }

  private static Change<Optional<Attributes>> apply(Edit edit, Ino ino, AttributeChange change)
      throws PageMissing, FsException {
    Inode before = edit.inode(ino);
    Inode inode = before;
    Long size = change.size();
    if (size != null) {
      Optional<Inode> resized = FileSize.resize(edit, ino, edit.tree().file(ino), size);
      if (resized.isEmpty()) {
        return Change.none(Optional.empty());
      }
      inode = resized.get().modifiedAt(edit.now());
    }
    if (change.mode() != null) {
      inode = inode.withPermissions(change.mode());
    }
    if (change.uid() != null || change.gid() != null) {
      inode = inode.withOwner(or(change.uid(), inode.uid()), or(change.gid(), inode.gid()));
    }
    if (change.clearSetId()) {
      inode = SetId.clear(edit, ino, inode);
    }
    if (isEmpty(change)) {
      return Change.none(Optional.of(Attributes.of(ino, before)));
    }
    inode =
        inode.withTimes(
            or(change.accessed(), inode.accessed()),
            or(change.modified(), inode.modified()),
            or(change.changed(), edit.now()));
    edit.put(ino, inode);
    return edit.change(Optional.of(Attributes.of(ino, inode)));
  }

  private static boolean isEmpty(AttributeChange change) {
    return change.equals(new AttributeChange(null, null, null, null, null, null, null, false));
  }

  private static int or(@Nullable Integer wanted, int otherwise) {
    return wanted != null ? wanted : otherwise;
  }

  private static Timestamp or(
      @Nullable Timestamp wanted, Timestamp otherwise) {
    return wanted != null ? wanted : otherwise;
  }
}
