package io.strata.cli.option;

import java.util.regex.Pattern;

/** Which of a command's arguments name a volume, and which of them the same. */
public final class VolumeUrl {
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*:.*");

  private VolumeUrl() {}

  /** Whether an argument is a URL rather than a directory. */
  public static boolean isUrl(String argument) {
    return SCHEME.matcher(argument).matches();
  }

  /** The URL in the form in which daemons know it: without needless slashes. */
  public static String normal(String url) {
    String normal = url.startsWith("file:") ? url.replaceFirst("^file:/+", "file:/") : url;
    return normal.contains("?") || normal.equals("file:/")
        ? normal
        : normal.replaceFirst("/+$", "");
  }
}
