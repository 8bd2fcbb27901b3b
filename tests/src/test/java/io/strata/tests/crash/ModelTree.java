package io.strata.tests.crash;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the files must be: a tree of plain maps and arrays. A step that a real filesystem would
 * refuse changes nothing here.
 */
final class ModelTree {
  private final Map<String, Node> snapshots = new TreeMap<>();
  private Node root = new Node(true);

  /** A file, directory or symbolic link. */
  private static final class Node {
    private final Map<String, Node> children = new TreeMap<>();
    private final Map<String, String> attributes = new TreeMap<>();
    private final boolean directory;
    private byte[] bytes = new byte[0];
    private @Nullable String target;
    private int links = 1;

    Node(boolean directory) {
      this.directory = directory;
    }

    /** A copy of all below; files with several names stay one. */
    Node copy(Map<Node, Node> copies) {
      Node known = copies.get(this);
      if (known != null) {
        return known;
      }
      Node copy = new Node(directory);
      copies.put(this, copy);
      copy.attributes.putAll(attributes);
      copy.bytes = bytes.clone();
      copy.target = target;
      copy.links = links;
      children.forEach((name, child) -> copy.children.put(name, child.copy(copies)));
      return copy;
    }
  }

  /** A place in a directory. */
  private record Place(Node parent, String name) {
    @Nullable Node node() {
      return parent.children.get(name);
    }
  }

  /** The bytes that a {@link Step.Write} writes. */
  static byte[] bytes(Step.Write write) {
    byte[] bytes = new byte[write.length()];
    SplittableRandom random = new SplittableRandom(write.seed());
    // Half of it repeats, so that compression has something to do.
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ((i & 512) == 0 ? random.nextInt() : i);
    }
    return bytes;
  }

  void apply(Step step) {
    switch (step) {
      case Step.MakeFile make -> put(make.path(), new Node(false));
      case Step.MakeDirectory make -> put(make.path(), new Node(true));
      case Step.MakeSymlink make -> {
        Node link = new Node(false);
        link.target = make.target();
        put(make.path(), link);
      }
      case Step.Link link -> {
        Node node = find(link.path());
        if (node != null && !node.directory && put(link.newPath(), node)) {
          node.links++;
        }
      }
      case Step.Write write -> {
        Node node = file(write.path());
        if (node != null) {
          byte[] bytes = bytes(write);
          int end = write.offset() + bytes.length;
          node.bytes = Arrays.copyOf(node.bytes, Math.max(node.bytes.length, end));
          System.arraycopy(bytes, 0, node.bytes, write.offset(), bytes.length);
        }
      }
      case Step.Truncate truncate -> {
        Node node = file(truncate.path());
        if (node != null) {
          node.bytes = Arrays.copyOf(node.bytes, truncate.size());
        }
      }
      case Step.SetAttribute set -> {
        Node node = find(set.path());
        if (node != null && node.target == null) {
          node.attributes.put(set.name(), set.value());
        }
      }
      case Step.Remove remove -> {
        Place place = place(remove.path());
        Node node = place == null ? null : place.node();
        if (place != null && node != null && !node.directory) {
          place.parent().children.remove(place.name());
          node.links--;
        }
      }
      case Step.RemoveDirectory remove -> {
        Place place = place(remove.path());
        Node node = place == null ? null : place.node();
        if (place != null && node != null && node.directory && node.children.isEmpty()) {
          place.parent().children.remove(place.name());
        }
      }
      case Step.Rename rename -> rename(rename);
      case Step.Hold hold -> {}
      case Step.Sync sync -> {}
      case Step.Snapshot snapshot ->
          snapshots.putIfAbsent(snapshot.name(), root.copy(new IdentityHashMap<>()));
      case Step.Forget forget -> snapshots.remove(forget.name());
      case Step.Rollback rollback -> {
        Node kept = snapshots.get(rollback.name());
        if (kept != null) {
          root = kept.copy(new IdentityHashMap<>());
        }
      }
      case Step.Checkpoint checkpoint -> {}
      case Step.Collect collect -> {}
      case Step.Gather gather -> {}
    }
  }

  private void rename(Step.Rename rename) {
    Place from = place(rename.path());
    Place to = place(rename.newPath());
    Node node = from == null ? null : from.node();
    if (from == null || to == null || node == null || isWithin(to.parent(), node)) {
      return;
    }
    Node target = to.node();
    switch (rename.mode()) {
      case NO_REPLACE -> {
        if (target == null) {
          from.parent().children.remove(from.name());
          to.parent().children.put(to.name(), node);
        }
      }
      case EXCHANGE -> {
        if (target != null && !isWithin(from.parent(), target)) {
          from.parent().children.put(from.name(), target);
          to.parent().children.put(to.name(), node);
        }
      }
      case REPLACE -> {
        if (target == node) {
          return;
        }
        if (target != null
            && (target.directory != node.directory || !target.children.isEmpty())) {
          return;
        }
        if (target != null) {
          target.links--;
        }
        from.parent().children.remove(from.name());
        to.parent().children.put(to.name(), node);
      }
    }
  }

  private static boolean isWithin(Node place, Node directory) {
    return place == directory
        || directory.children.values().stream()
            .anyMatch(child -> child.directory && isWithin(place, child));
  }

  private boolean put(String path, Node node) {
    Place place = place(path);
    return place != null && place.parent().children.putIfAbsent(place.name(), node) == null;
  }

  private @Nullable Node file(String path) {
    Node node = find(path);
    return node == null || node.directory || node.target != null ? null : node;
  }

  private @Nullable Node find(String path) {
    Place place = place(path);
    return place == null ? null : place.node();
  }

  private @Nullable Place place(String path) {
    String[] parts = path.split("/", -1);
    Node node = root;
    for (int i = 0; i < parts.length - 1; i++) {
      node = node.children.get(parts[i]);
      if (node == null || !node.directory) {
        return null;
      }
    }
    return new Place(node, parts[parts.length - 1]);
  }

  /** The whole tree as text, a line a name, as {@link TreeText} writes it of a real one. */
  String text() {
    StringBuilder text = new StringBuilder();
    write(root, "", text);
    return text.toString();
  }

  /** The snapshots that there are, each as text. */
  Map<String, String> snapshots() {
    Map<String, String> texts = new TreeMap<>();
    snapshots.forEach(
        (name, kept) -> {
          StringBuilder text = new StringBuilder();
          write(kept, "", text);
          texts.put(name, text.toString());
        });
    return texts;
  }

  /**
   * A tree of its own, without snapshots.
   *
   * @param snapshot of which snapshot; null for the tree as it is
   */
  ModelTree cloned(@Nullable String snapshot) {
    ModelTree clone = new ModelTree();
    Node from = snapshot == null ? root : Objects.requireNonNull(snapshots.get(snapshot));
    clone.root = from.copy(new IdentityHashMap<>());
    return clone;
  }

  private static void write(Node node, String path, StringBuilder text) {
    node.children.forEach(
        (name, child) -> {
          String childPath = path + "/" + name;
          if (child.directory) {
            text.append(TreeText.directory(childPath, child.attributes));
            write(child, childPath, text);
          } else if (child.target != null) {
            text.append(TreeText.symlink(childPath, child.target, child.links));
          } else {
            text.append(TreeText.file(childPath, child.bytes, child.links, child.attributes));
          }
        });
  }
}
