package io.strata.store.file;

import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One page of keys, found by walking folders in order. Confined to the thread that asked.
 *
 * <p>Folders sort as if their names ended in a slash, which is how keys sort. Folders that lie
 * wholly outside of the page are not read; one that is entered is read as a whole. Whatever is
 * neither a plain file nor a folder, symbolic links above all, is no object.
 */
final class KeyWalk {
  private final Path root;
  private final String prefix;
  private final String after;
  private final int keysMax;
  private final List<ListPage.Entry> found = new ArrayList<>();
  private boolean more;

  KeyWalk(Path root, String prefix, String after, int keysMax) {
    this.root = root;
    this.prefix = prefix;
    this.after = after;
    this.keysMax = keysMax;
  }

  ListPage page() throws IOException {
    walk(root, "");
    return new ListPage(found, more);
  }

  private void walk(Path folder, String keyOfFolder) throws IOException {
    for (Node node : children(folder, keyOfFolder)) {
      if (node.isFolder()) {
        walk(root.resolve(node.key()), node.key());
      } else if (found.size() < keysMax) {
        found.add(new ListPage.Entry(new ObjectKey(node.key()), node.length()));
      } else {
        more = true;
      }
      if (more) {
        return;
      }
    }
  }

  private List<Node> children(Path folder, String keyOfFolder) throws IOException {
    List<Node> children = new ArrayList<>();
    try {
      for (Path path : Folders.children(folder)) {
        String key = keyOfFolder + path.getFileName();
        if (ObjectKey.valid(key) && (fileMayMatter(key) || folderMayMatter(key + "/"))) {
          addChild(children, path, key);
        }
      }
    } catch (NoSuchFileException folderIsGone) {
      return List.of();
    }
    children.sort(Comparator.comparing(Node::key));
    return children;
  }

  private void addChild(List<Node> children, Path path, String key) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException deletedMeanwhile) {
      return;
    }
    if (attributes.isDirectory() && folderMayMatter(key + "/")) {
      children.add(new Node(key + "/", 0));
    } else if (attributes.isRegularFile() && fileMayMatter(key)) {
      children.add(new Node(key, attributes.size()));
    }
  }

  private boolean fileMayMatter(String key) {
    return key.startsWith(prefix) && key.compareTo(after) > 0;
  }

  /** Whether a key that begins with {@code key}, which ends in a slash, can be on the page. */
  private boolean folderMayMatter(String key) {
    boolean inPrefix = key.startsWith(prefix) || prefix.startsWith(key);
    return inPrefix && (key.compareTo(after) > 0 || after.startsWith(key));
  }

  /** A file, or a folder if its key ends in a slash. */
  private record Node(String key, long length) {
    boolean isFolder() {
      return key.endsWith("/");
    }
  }
}
