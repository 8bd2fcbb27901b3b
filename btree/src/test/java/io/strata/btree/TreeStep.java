package io.strata.btree;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One thing to do with a tree and its model; a property runs a list of them. */
sealed interface TreeStep {
  /** Does it, and compares. */
  void run(ModelledTree tree) throws IOException;

  /** A key, shown in hexadecimal when a property fails. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Key(byte[] bytes) {
    @Override
    public String toString() {
      return HexFormat.of().formatHex(bytes);
    }
  }

  /** A value that is told by its length and a seed. */
  record Value(int length, int seed) {
    byte[] bytes() {
      byte[] bytes = new byte[length];
      new Random(seed).nextBytes(bytes);
      return bytes;
    }
  }

  /** Puts one entry. */
  record Put(Key key, Value value) implements TreeStep {
    @Override
    public void run(ModelledTree tree) throws IOException {
      tree.put(key.bytes(), value.bytes());
    }
  }

  /** Deletes a key that may be there. */
  record Delete(Key key) implements TreeStep {
    @Override
    public void run(ModelledTree tree) throws IOException {
      tree.delete(key.bytes());
    }
  }

  /** Puts keys that ascend from one on. */
  record Fill(Key from, int count, Value value) implements TreeStep {
    @Override
    public void run(ModelledTree tree) throws IOException {
      byte[] key = Arrays.copyOf(from.bytes(), from.bytes().length + 2);
      for (int i = 0; i < count; i++) {
        key[key.length - 2] = (byte) (i >> 8);
        key[key.length - 1] = (byte) i;
        tree.put(key.clone(), value.bytes());
      }
    }
  }

  /** Deletes the entries that follow a key. */
  record Clear(Key from, int count) implements TreeStep {
    @Override
    public void run(ModelledTree tree) throws IOException {
      tree.clear(from.bytes(), count);
    }
  }

  /** Looks a key up, and its floor. */
  record Look(Key key) implements TreeStep {
    @Override
    public void run(ModelledTree tree) throws IOException {
      tree.look(key.bytes());
    }
  }

  /** Scans a range. */
  record Scan(Key from, @Nullable Key to, int entriesMax) implements TreeStep {
    @Override
    public void run(ModelledTree tree) throws IOException {
      tree.scan(from.bytes(), to == null ? null : to.bytes(), entriesMax);
    }
  }

  /** Changes several keys, which must not miss pages once all were touched. */
  record Group(List<TreeStep.Put> puts, List<TreeStep.Delete> deletes) implements TreeStep {
    @Override
    public void run(ModelledTree tree) throws IOException {
      tree.group(puts, deletes);
    }
  }

  /** Deletes the entries that follow a key and puts them back, as one group, in little memory. */
  record Renew(Key from, int count) implements TreeStep {
    @Override
    public void run(ModelledTree tree) throws IOException {
      tree.trim();
      tree.renew(from.bytes(), count);
    }
  }

  /** Evicts. */
  record Trim() implements TreeStep {
    @Override
    public void run(ModelledTree tree) {
      tree.trim();
    }
  }

  /** Begins a checkpoint. */
  record Freeze() implements TreeStep {
    @Override
    public void run(ModelledTree tree) {
      tree.freeze();
    }
  }

  /** Writes the frozen tree; fails after some pages. */
  record Write(int pagesMax) implements TreeStep {
    @Override
    public void run(ModelledTree tree) throws IOException {
      tree.write(pagesMax);
    }
  }

  /** Ends the checkpoint, if it was written with success. */
  record Commit() implements TreeStep {
    @Override
    public void run(ModelledTree tree) throws IOException {
      tree.commit();
    }
  }

  /** Gives the checkpoint up. */
  record Abandon() implements TreeStep {
    @Override
    public void run(ModelledTree tree) {
      tree.abandon();
    }
  }

  /** Crashes, and opens the last committed root. */
  record Reopen() implements TreeStep {
    @Override
    public void run(ModelledTree tree) {
      tree.reopen();
    }
  }
}
