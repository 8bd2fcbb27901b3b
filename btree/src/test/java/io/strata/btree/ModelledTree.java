package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A tree next to a sorted map that must agree with it, and next to the set of stored pages that
 * must be exactly those of the last committed root. A superseded page is lost at the commit that
 * reports it, so whoever still needs it finds out.
 */
final class ModelledTree {
  private final StoredPages pages = new StoredPages();
  private final TreeSizes sizes;

  private LoadingTree tree;
  private NavigableMap<byte[], byte[]> model = sorted();

  private @Nullable PageAddress committedRoot;
  private NavigableMap<byte[], byte[]> committed = sorted();

  private @Nullable FrozenTree frozen;
  private NavigableMap<byte[], byte[]> frozenModel = sorted();
  private @Nullable PageAddress writtenRoot;

  /** What the last write of the frozen tree has stored. */
  private Set<PageAddress> written = Set.of();

  ModelledTree(TreeSizes sizes) {
    this.sizes = sizes;
    tree = new LoadingTree(BTree.create(pages, sizes));
  }

  private static NavigableMap<byte[], byte[]> sorted() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  private static NavigableMap<byte[], byte[]> copy(NavigableMap<byte[], byte[]> map) {
    return new TreeMap<>(map);
  }

  void put(byte[] key, byte[] value) throws IOException {
    assertThat(tree.put(key, value)).isEqualTo(model.put(key, value));
  }

  void delete(byte[] key) throws IOException {
    assertThat(tree.delete(key)).isEqualTo(model.remove(key));
  }

  void clear(byte[] from, int count) throws IOException {
    List<byte[]> keys = model.tailMap(from).keySet().stream().limit(count).toList();
    for (byte[] key : keys) {
      delete(key);
    }
  }

  void look(byte[] key) throws IOException {
    assertThat(tree.get(key)).isEqualTo(model.get(key));
    same(tree.floor(key), model.floorEntry(key));
  }

  void scan(byte[] from, byte @Nullable [] to, int entriesMax) throws IOException {
    List<Entry> found = tree.scan(from, to, entriesMax);
    NavigableMap<byte[], byte[]> rest = model.tailMap(from, true);
    NavigableMap<byte[], byte[]> range =
        to == null
            ? rest
            : Arrays.compareUnsigned(from, to) < 0 ? rest.headMap(to, false) : sorted();
    List<Map.Entry<byte[], byte[]>> expected = range.entrySet().stream().limit(entriesMax).toList();
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      same(found.get(i), expected.get(i));
    }
  }

  private static void same(@Nullable Entry found, Map.@Nullable Entry<byte[], byte[]> expected) {
    if (found == null || expected == null) {
      assertThat(found == null).isEqualTo(expected == null);
    } else {
      assertThat(found.key()).isEqualTo(expected.getKey());
      assertThat(found.value()).isEqualTo(expected.getValue());
    }
  }

  void group(List<TreeStep.Put> puts, List<TreeStep.Delete> deletes) throws IOException {
    LoadingTree.loading(
        () -> {
          for (TreeStep.Put put : puts) {
            tree.tree.touch(put.key().bytes());
          }
          for (TreeStep.Delete delete : deletes) {
            tree.tree.touch(delete.key().bytes());
          }
          return null;
        });
    try {
      for (TreeStep.Delete delete : deletes) {
        byte[] key = delete.key().bytes();
        assertThat(tree.tree.delete(key)).isEqualTo(model.remove(key));
      }
      for (TreeStep.Put put : puts) {
        byte[] key = put.key().bytes();
        byte[] value = put.value().bytes();
        assertThat(tree.tree.put(key, value)).isEqualTo(model.put(key, value));
      }
    } catch (PageMissing missing) {
      throw new AssertionError("a touched key missed a page", missing);
    }
  }

  void renew(byte[] from, int count) throws IOException {
    List<TreeStep.Put> puts = new ArrayList<>();
    List<TreeStep.Delete> deletes = new ArrayList<>();
    for (byte[] key : model.tailMap(from).keySet().stream().limit(count).toList()) {
      deletes.add(new TreeStep.Delete(new TreeStep.Key(key)));
      puts.add(new TreeStep.Put(new TreeStep.Key(key), new TreeStep.Value(count, key.length)));
    }
    group(puts, deletes);
  }

  void trim() {
    // Once to forget what was used.
    tree.tree.trim();
    tree.tree.trim();
  }

  void freeze() {
    if (frozen != null) {
      assertThatThrownBy(() -> tree.tree.freeze()).isInstanceOf(IllegalStateException.class);
      return;
    }
    frozen = tree.tree.freeze();
    frozenModel = copy(model);
    writtenRoot = null;
    written = Set.of();
  }

  void write(int pagesMax) throws IOException {
    if (frozen == null) {
      return;
    }
    forget(written);
    Set<PageAddress> before = pages.addresses();
    writtenRoot = null;
    pages.failAfter(pagesMax);
    try {
      writtenRoot = frozen.write(pages);
    } catch (IOException outOfOrder) {
      assertThat(outOfOrder).hasMessage("the store is out of order");
    } finally {
      pages.repair();
    }
    written = new HashSet<>(pages.addresses());
    written.removeAll(before);
    if (writtenRoot != null) {
      assertThat(frozen.pagesWritten()).isEqualTo(written.size());
      assertThat(frozen.bytesWritten())
          .isEqualTo(written.stream().mapToLong(PageAddress::length).sum());
    }
  }

  void commit() throws IOException {
    if (frozen == null) {
      return;
    }
    if (writtenRoot == null) {
      FrozenTree incomplete = frozen;
      assertThatThrownBy(incomplete::commit).isInstanceOf(IllegalStateException.class);
      return;
    }
    frozen.commit();
    frozen.close();
    assertThat(frozen.superseded()).doesNotHaveDuplicates();
    forget(frozen.superseded());
    frozen = null;
    committedRoot = writtenRoot;
    committed = frozenModel;
    StoredTree stored = new StoredTree(pages, writtenRoot);
    assertThat(stored.pages()).as("pages not superseded").isEqualTo(pages.addresses());
    assertThat(stored.entries()).hasSameSizeAs(committed);
    for (Map.Entry<byte[], byte[]> entry : committed.entrySet()) {
      assertThat(stored.entries().get(entry.getKey())).isEqualTo(entry.getValue());
    }
  }

  void abandon() {
    if (frozen != null) {
      frozen.close();
      frozen = null;
      forget(written);
    }
  }

  void reopen() {
    abandon();
    BTree opened =
        committedRoot == null
            ? BTree.create(pages, sizes)
            : BTree.open(pages, committedRoot, sizes);
    tree = new LoadingTree(opened);
    model = copy(committed);
  }

  private void forget(Iterable<PageAddress> addresses) {
    addresses.forEach(pages::forget);
  }

  /** Checks the structure. */
  void check() {
    Invariants.check(tree.tree);
  }

  /** Ends any checkpoint, makes another, opens it and compares everything. */
  void checkWhole() throws IOException {
    commit();
    abandon();
    scan(new byte[0], null, Integer.MAX_VALUE);
    check();
    freeze();
    write(Integer.MAX_VALUE);
    commit();
    reopen();
    scan(new byte[0], null, Integer.MAX_VALUE);
    check();
  }
}
