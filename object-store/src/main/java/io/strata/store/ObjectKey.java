package io.strata.store;

import java.util.regex.Pattern;

/**
 * The key of an object, relative to the store's own prefix.
 *
 * <p>One or more parts joined by single slashes; a part is made of {@code A-Z a-z 0-9 . _ -} and is
 * neither {@code .} nor {@code ..}, so that a key means the same in a bucket and on a disk.
 *
 * @param value 1 to 512 characters
 */
public record ObjectKey(String value) implements Comparable<ObjectKey> {
  private static final int LENGTH_MAX = 512;
  private static final Pattern PART =
      Pattern.compile("(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)*");

  public ObjectKey {
    if (!valid(value)) {
      throw new IllegalArgumentException("not an object key: \"" + value + "\"");
    }
  }

  /** Whether {@code value} can be a key. */
  public static boolean valid(String value) {
    return value.length() <= LENGTH_MAX && PART.matcher(value).matches();
  }

  @Override
  public int compareTo(ObjectKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
