package io.strata.fuse.linux;

/** Error numbers of Linux that mounting and {@code /dev/fuse} end in, and their meaning. */
public final class Errors {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EINVAL = 22;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOTSOCK = 88;
  public static final int EADDRINUSE = 98;
  public static final int ECONNABORTED = 103;
  public static final int ECONNRESET = 104;
  public static final int ENOTCONN = 107;
  public static final int ECONNREFUSED = 111;
  public static final int ESTALE = 116;

  private Errors() {}

  /** What {@code strerror} says in English, with the number. */
  public static String text(int errno) {
    String meaning =
        switch (errno) {
          case EPERM -> "operation not permitted";
          case ENOENT -> "no such file or directory";
          case EINTR -> "interrupted system call";
          case EBADF -> "bad file descriptor";
          case EAGAIN -> "resource temporarily unavailable";
          case EACCES -> "permission denied";
          case EBUSY -> "device or resource busy";
          case ENODEV -> "no such device";
          case ENOTDIR -> "not a directory";
          case EINVAL -> "invalid argument";
          case ENAMETOOLONG -> "file name too long";
          case ENOTSOCK -> "socket operation on non-socket";
          case EADDRINUSE -> "address already in use";
          case ECONNABORTED -> "connection aborted";
          case ECONNRESET -> "connection reset by peer";
          case ECONNREFUSED -> "connection refused";
          case ESTALE -> "stale file handle";
          case ENOTCONN -> "transport endpoint is not connected";
          default -> "system error";
        };
    return meaning + " (errno " + errno + ")";
  }
}
