package io.strata.store;

import java.util.ArrayList;
import java.util.List;

/**
 * Where another store of the same bucket is, as seen from one: {@code ../b} is its neighbour {@code
 * b}. So two volumes find each other also after the bucket, or the folder that they are in, was
 * moved as a whole.
 *
 * @param path names and {@code ..}, joined by slashes; all {@code ..} come first
 */
public record Place(String path) {
  private static final String UP = "..";

  public Place {
    List<String> parts = parts(path);
    if (parts.isEmpty() || !String.join("/", normal(parts)).equals(path)) {
      throw new IllegalArgumentException("\"" + path + "\" leads to no other store");
    }
  }

  /**
   * The way from one path to another, both from the same root. Neither may lead through the other,
   * since the objects of one would be among those of the other.
   *
   * @throws IllegalArgumentException if one does
   */
  public static Place between(String from, String to) {
    List<String> start = parts(from);
    List<String> end = parts(to);
    int common = 0;
    while (common < Math.min(start.size(), end.size())
        && start.get(common).equals(end.get(common))) {
      common++;
    }
    if (common == start.size() || common == end.size()) {
      throw new IllegalArgumentException(
          "\"%s\" and \"%s\" are the same or one in the other".formatted(from, to));
    }
    List<String> way = new ArrayList<>();
    for (int i = common; i < start.size(); i++) {
      way.add(UP);
    }
    way.addAll(end.subList(common, end.size()));
    return new Place(String.join("/", way));
  }

  /**
   * The path of this place seen from another path.
   *
   * @throws IllegalArgumentException if it would be above the root
   */
  public String from(String path) {
    List<String> parts = parts(path);
    parts.addAll(parts(this.path));
    List<String> normal = normal(parts);
    if (normal.contains(UP)) {
      throw new IllegalArgumentException("\"%s\" is no place of %s".formatted(this.path, path));
    }
    return String.join("/", normal);
  }

  /** The place that {@code next} is, seen from this one. */
  public Place then(Place next) {
    List<String> parts = parts(path);
    parts.addAll(parts(next.path));
    return new Place(String.join("/", normal(parts)));
  }

  private static List<String> parts(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static List<String> normal(List<String> parts) {
    List<String> normal = new ArrayList<>();
    for (String part : parts) {
      if (part.equals(UP) && !normal.isEmpty() && !normal.getLast().equals(UP)) {
        normal.removeLast();
      } else if (!part.equals(".")) {
        normal.add(part);
      }
    }
    return normal;
  }

  @Override
  public String toString() {
    return path;
  }
}
