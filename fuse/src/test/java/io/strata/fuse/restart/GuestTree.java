package io.strata.fuse.restart;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a guest's files should be: one directory and what lies in it, as plainly as can be. Files are
 * known by numbers of the test's own.
 */
final class GuestTree {
  /** The directory itself, in {@link #touched}. */
  static final int ROOT = 0;

  final Map<String, Integer> names = new TreeMap<>();
  final Map<Integer, String> contents = new TreeMap<>();

  /** What the last step changed. */
  private final Set<Integer> touched = new HashSet<>();

  /** A copy that goes its own way. */
  GuestTree copy() {
    GuestTree copy = new GuestTree();
    copy.names.putAll(names);
    copy.contents.putAll(contents);
    return copy;
  }

  /** A step of a guest, with what it needs to be done again in another tree. */
  @FunctionalInterface
  interface Step {
    /** Returns whether it succeeds. */
    boolean run(GuestTree tree);
  }

  /** Runs a step and says whether it succeeds; {@link #touched} tells what it changed. */
  boolean run(Step step) {
    touched.clear();
    return step.run(this);
  }

  Set<Integer> touched() {
    return Set.copyOf(touched);
  }

  private boolean touch(Integer... files) {
    touched.addAll(Set.of(files));
    return true;
  }

  boolean create(String name, int file) {
    if (names.putIfAbsent(name, file) != null) {
      return false;
    }
    contents.put(file, "");
    return touch(ROOT, file);
  }

  boolean unlink(String name) {
    Integer file = names.remove(name);
    return file != null && touch(ROOT, file);
  }

  boolean rename(String from, String to) {
    Integer file = names.get(from);
    if (file == null) {
      return false;
    }
    if (file.equals(names.get(to))) {
      return true;
    }
    names.remove(from);
    Integer replaced = names.put(to, file);
    return replaced == null ? touch(ROOT, file) : touch(ROOT, file, replaced);
  }

  boolean link(int file, String to) {
    if (names.containsKey(to) || !contents.containsKey(file)) {
      return false;
    }
    names.put(to, file);
    return touch(ROOT, file);
  }

  boolean append(int file, String text) {
    if (!contents.containsKey(file)) {
      return false;
    }
    contents.put(file, contents.get(file) + text);
    return touch(file);
  }

  boolean write(int file, int offset, String text) {
    if (!contents.containsKey(file)) {
      return false;
    }
    StringBuilder bytes = new StringBuilder(contents.get(file));
    while (bytes.length() < offset + text.length()) {
      bytes.append('\0');
    }
    bytes.replace(offset, offset + text.length(), text);
    contents.put(file, bytes.toString());
    return touch(file);
  }

  boolean truncate(int file) {
    if (!contents.containsKey(file)) {
      return false;
    }
    contents.put(file, "");
    return touch(file);
  }
}
