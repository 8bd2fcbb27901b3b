package io.strata.fsck.repair;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.PackWriter;
import io.strata.checkpoint.WrittenPack;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.PackRecord;
import io.strata.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a repaired tree to packs. Confined to a thread. */
public final class TreeWriter implements AutoCloseable {
  private final PackWriter packs;
  private final TreeBuilder builder;
  private long pages;

  public TreeWriter(Reign reign) {
    this.packs = reign.packs();
    this.builder =
        new TreeBuilder(
            page -> {
              pages++;
              return packs.write(page);
            });
  }

  /** Adds an entry whose key is greater than all before. */
  public void add(byte[] key, byte[] value) throws StoreException {
    try {
      builder.add(key, value);
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new StoreException.Refused(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * What was written.
   *
   * @param root null if there is nothing
   * @param records what the volume is to know of the packs
   */
  public record Written(
      @Nullable PageAddress root, long pages, long packBytes, List<Mutation> records) {}

  /** Waits until all is stored. */
  public Written finish(long head) throws IOException {
    PageAddress root = builder.finish();
    List<Mutation> records = new ArrayList<>();
    long bytes = 0;
    for (WrittenPack pack : packs.finish()) {
      bytes += pack.objectBytes();
      records.add(
          new Mutation.PackPut(
              pack.nonce(),
              new PackRecord(pack.objectBytes(), pack.pages(), pack.pageBytes(), head)));
    }
    return new Written(root, pages, bytes, records);
  }

  @Override
  public void close() {
    packs.close();
  }
}
