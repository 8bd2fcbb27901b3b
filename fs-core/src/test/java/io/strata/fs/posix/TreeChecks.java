package io.strata.fs.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.Metadata;
import io.strata.fs.SpaceUse;
import io.strata.btree.Entry;
import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What holds for the tree after every group. */
final class TreeChecks {
  private final Map<Ino, Inode> inodes = new HashMap<>();
  private final Map<Ino, List<Extent>> extents = new HashMap<>();
  private final Map<Ino, List<Dentry>> entries = new HashMap<>();
  private final Set<Ino> owners = new HashSet<>();
  private final Set<Ino> orphans = new HashSet<>();

  private TreeChecks() {}

  static void check(TestEngine engine) {
    TreeChecks checks = new TreeChecks();
    try {
      for (Entry entry : engine.entries()) {
        checks.collect(Mutation.ofEntry(entry.key(), entry.value()));
      }
      SpaceUse use = engine.read(Caller.ROOT, Metadata::spaceUse);
      checks.check(use);
    } catch (MalformedRecord | FsException e) {
      throw new AssertionError(e);
    }
    assertThat(engine.openRuns()).as("appended runs not closed").isZero();
  }

  private void collect(Mutation.Put put) {
    switch (put) {
      case Mutation.InodePut(Ino ino, Inode inode) -> inodes.put(ino, inode);
      case Mutation.XattrPut xattr -> owners.add(xattr.ino());
      case Mutation.DentryPut dentry ->
          entries.computeIfAbsent(dentry.parent(), k -> new ArrayList<>()).add(dentry.entry());
      case Mutation.ExtentPut(Ino ino, Extent extent) ->
          extents.computeIfAbsent(ino, k -> new ArrayList<>()).add(extent);
      case Mutation.OrphanPut(Ino ino) -> orphans.add(ino);
      case Mutation.SegmentPut other -> throw unexpected(other);
      case Mutation.SegmentLivePut other -> throw unexpected(other);
      case Mutation.PackPut other -> throw unexpected(other);
      case Mutation.DeadPut other -> throw unexpected(other);
    }
  }

  private void check(SpaceUse use) {
    owners.addAll(extents.keySet());
    owners.addAll(entries.keySet());
    assertThat(inodes.keySet()).as("owners exist").containsAll(owners);
    inodes.forEach(this::checkExtents);
    checkLinks();
    assertThat(use.inodes()).isEqualTo(inodes.size());
    assertThat(use.usedBytes())
        .isEqualTo(inodes.values().stream().mapToLong(Inode::allocated).sum());
  }

  private void checkExtents(Ino ino, Inode inode) {
    long end = 0;
    long allocated = 0;
    for (Extent extent : extents.getOrDefault(ino, List.of())) {
      assertThat(extent.fileOffset()).as("extents of %s in order", ino).isGreaterThanOrEqualTo(end);
      end = extent.end();
      allocated += extent.length();
    }
    assertThat(end).as("extents of %s within its size", ino).isLessThanOrEqualTo(inode.size());
    assertThat(inode.allocated()).as("allocated bytes of %s", ino).isEqualTo(allocated);
  }

  private void checkLinks() {
    Map<Ino, Integer> links = new HashMap<>();
    links.put(Ino.ROOT, 2);
    entries.forEach(
        (parent, children) -> {
          Inode directory = Objects.requireNonNull(inodes.get(parent));
          assertThat(directory.size()).as("entries of %s", parent).isEqualTo(children.size());
          for (Dentry child : children) {
            Inode inode = Objects.requireNonNull(inodes.get(child.child()), child::toString);
            assertThat(inode.type()).isEqualTo(child.type());
            if (child.type() == FileType.DIRECTORY) {
              assertThat(inode.parent()).as("parent of %s", child).isEqualTo(parent);
              links.merge(child.child(), 2, Integer::sum);
              links.merge(parent, 1, Integer::sum);
            } else {
              links.merge(child.child(), 1, Integer::sum);
            }
          }
        });
    inodes.forEach(
        (ino, inode) -> {
          assertThat(inode.links()).as("links of %s", ino).isEqualTo(links.getOrDefault(ino, 0));
          assertThat(orphans.contains(ino)).as("orphan %s", ino).isEqualTo(inode.links() == 0);
        });
    assertThat(inodes.keySet()).as("orphans exist").containsAll(orphans);
  }

  private static AssertionError unexpected(Mutation other) {
    return new AssertionError("the filesystem does not write " + other);
  }
}
