/*
 * What POSIX promises, asked from inside a guest.
 *
 *   posix smoke FOLDER [WITHOUT..]               every test but those named; a line for each
 *   posix lock flock|fcntl try|wait FILE CMD..   runs CMD while the lock is held; status 75 if
 *                                                `try` finds it taken
 *   posix append FILE TAG COUNT                  appends COUNT lines "TAG NUMBER", a write each
 *   posix record FILE COUNT                      appends numbered records, fsync each, and says so
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Ends the process (each test is one) with a reason. */
static void die(const char *format, ...) {
  int error = errno;
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  if (error != 0) {
    printf(" (%s)", strerror(error));
  }
  fflush(stdout);
  _exit(1);
}

#define WANT(condition)                       \
  do {                                        \
    errno = 0;                                \
    if (!(condition)) {                       \
      die("line %d: %s", __LINE__, #condition); \
    }                                         \
  } while (0)

/* Wants a call to fail with that error. */
#define REFUSED(call, error) WANT((call) == -1 && errno == (error))

static int open_new(const char *name) {
  int fd = open(name, O_CREAT | O_EXCL | O_RDWR, 0644);
  if (fd < 0) {
    die("open %s", name);
  }
  return fd;
}

static void put(const char *name, const char *text) {
  int fd = open_new(name);
  WANT(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
  WANT(close(fd) == 0);
}

static int holds(const char *name, const char *text) {
  char buffer[256];
  int fd = open(name, O_RDONLY);
  if (fd < 0) {
    return 0;
  }
  ssize_t n = read(fd, buffer, sizeof buffer);
  close(fd);
  return n == (ssize_t)strlen(text) && memcmp(buffer, text, n) == 0;
}

static nlink_t links(const char *name) {
  struct stat status;
  return lstat(name, &status) == 0 ? status.st_nlink : 0;
}

static int exists(const char *name) {
  struct stat status;
  return lstat(name, &status) == 0;
}

/* Runs a test in a process of its own and waits: 0 if it was content. */
static int in_child(void (*test)(void)) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    test();
    _exit(0);
  }
  int status;
  return child < 0 || waitpid(child, &status, 0) != child ? -1 : status;
}

static void create(void) {
  umask(022);
  put("file", "abc");
  WANT(holds("file", "abc"));
  REFUSED(open("file", O_CREAT | O_EXCL | O_RDWR, 0644), EEXIST);
  struct stat status;
  WANT(stat("file", &status) == 0 && status.st_size == 3 && status.st_mode == (S_IFREG | 0644));
  WANT(mkdir("folder", 0750) == 0);
  WANT(stat("folder", &status) == 0 && status.st_mode == (S_IFDIR | 0750));
  REFUSED(mkdir("folder", 0750), EEXIST);
  put("folder/inner", "x");
  REFUSED(rmdir("folder"), ENOTEMPTY);
  REFUSED(open("file/below", O_RDONLY), ENOTDIR);
  REFUSED(unlink("nothing"), ENOENT);
  WANT(unlink("folder/inner") == 0 && rmdir("folder") == 0 && !exists("folder"));
  WANT(mkfifo("fifo", 0600) == 0 && stat("fifo", &status) == 0 && S_ISFIFO(status.st_mode));
}

static void append(void) {
  int one = open("log", O_CREAT | O_WRONLY | O_APPEND, 0644);
  int two = open("log", O_WRONLY | O_APPEND);
  WANT(one >= 0 && two >= 0);
  WANT(write(one, "ab", 2) == 2 && write(two, "cd", 2) == 2 && write(one, "ef", 2) == 2);
  WANT(holds("log", "abcdef"));
}

static void rename_over(void) {
  put("old", "old");
  put("new", "new");
  int fd = open("old", O_RDONLY);
  WANT(rename("new", "old") == 0 && holds("old", "new") && !exists("new"));
  char bytes[3];
  WANT(pread(fd, bytes, 3, 0) == 3 && memcmp(bytes, "old", 3) == 0);
  WANT(mkdir("d", 0755) == 0 && mkdir("d/e", 0755) == 0 && mkdir("empty", 0755) == 0);
  REFUSED(rename("d", "d/e/f"), EINVAL);
  REFUSED(rename("empty", "d"), ENOTEMPTY);
  REFUSED(rename("old", "d"), EISDIR);
  WANT(rename("d", "empty") == 0 && exists("empty/e"));
  put("third", "third");
  WANT(renameat2(AT_FDCWD, "old", AT_FDCWD, "third", RENAME_EXCHANGE) == 0);
  WANT(holds("old", "third") && holds("third", "new"));
  REFUSED(renameat2(AT_FDCWD, "old", AT_FDCWD, "third", RENAME_NOREPLACE), EEXIST);
}

static void hard_link(void) {
  put("one", "one");
  WANT(link("one", "two") == 0 && links("one") == 2);
  struct stat a, b;
  WANT(stat("one", &a) == 0 && stat("two", &b) == 0 && a.st_ino == b.st_ino);
  WANT(unlink("one") == 0 && links("two") == 1 && holds("two", "one"));
  WANT(mkdir("f", 0755) == 0);
  REFUSED(link("f", "g"), EPERM);
}

static void symbolic_link(void) {
  char target[64];
  put("aim", "there");
  WANT(symlink("aim", "arrow") == 0 && holds("arrow", "there"));
  WANT(readlink("arrow", target, sizeof target) == 3 && memcmp(target, "aim", 3) == 0);
  WANT(symlink("nowhere", "dangling") == 0);
  REFUSED(open("dangling", O_RDONLY), ENOENT);
  WANT(symlink("loop", "loop") == 0);
  REFUSED(open("loop", O_RDONLY), ELOOP);
}

static void sparse(void) {
  int fd = open_new("sparse");
  char byte = 'x';
  struct stat status;
  WANT(pwrite(fd, "x", 1, 3L << 30) == 1 && fsync(fd) == 0 && fstat(fd, &status) == 0);
  WANT(status.st_size == (3L << 30) + 1 && status.st_blocks < 2048);
  WANT(pread(fd, &byte, 1, 1L << 30) == 1 && byte == 0);
  WANT(pread(fd, &byte, 1, 3L << 30) == 1 && byte == 'x');
  WANT(ftruncate(fd, 100) == 0 && ftruncate(fd, 4L << 30) == 0);
  WANT(pread(fd, &byte, 1, 3L << 30) == 1 && byte == 0);
}

static void truncated(void) {
  int fd = open_new("cut");
  char bytes[8];
  WANT(write(fd, "abcdefgh", 8) == 8 && ftruncate(fd, 3) == 0 && ftruncate(fd, 8) == 0);
  WANT(pread(fd, bytes, 8, 0) == 8 && memcmp(bytes, "abc\0\0\0\0\0", 8) == 0);
  WANT(close(fd) == 0 && (fd = open("cut", O_RDWR | O_TRUNC)) >= 0 && read(fd, bytes, 1) == 0);
}

static void xattr(void) {
  char value[16], names[64];
  put("tagged", "");
  WANT(setxattr("tagged", "user.colour", "red", 3, XATTR_CREATE) == 0);
  REFUSED(setxattr("tagged", "user.colour", "red", 3, XATTR_CREATE), EEXIST);
  WANT(setxattr("tagged", "user.colour", "blue", 4, 0) == 0);
  WANT(getxattr("tagged", "user.colour", value, sizeof value) == 4);
  WANT(memcmp(value, "blue", 4) == 0);
  REFUSED(getxattr("tagged", "user.colour", value, 2), ERANGE);
  WANT(listxattr("tagged", names, sizeof names) == sizeof "user.colour");
  WANT(removexattr("tagged", "user.colour") == 0);
  REFUSED(getxattr("tagged", "user.colour", value, sizeof value), ENODATA);
}

static void times(void) {
  struct timespec wanted[2] = {{981173106, 789012345}, {981173107, 123456789}};
  struct stat status;
  put("timed", "");
  WANT(utimensat(AT_FDCWD, "timed", wanted, 0) == 0 && stat("timed", &status) == 0);
  WANT(status.st_mtim.tv_sec == 981173107 && status.st_mtim.tv_nsec == 123456789);
  WANT(status.st_atim.tv_sec == 981173106 && status.st_atim.tv_nsec == 789012345);
  WANT(chmod("timed", 04711) == 0 && stat("timed", &status) == 0);
  WANT((status.st_mode & 07777) == 04711);
  WANT(chown("timed", 1234, 5678) == 0 && stat("timed", &status) == 0);
  WANT(status.st_uid == 1234 && status.st_gid == 5678);
}

static void locked_elsewhere(void) {
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  int fd = open("locked", O_RDWR);
  WANT(fd >= 0);
  REFUSED(fcntl(fd, F_SETLK, &whole), EAGAIN);
  WANT(fcntl(fd, F_GETLK, &whole) == 0 && whole.l_type == F_WRLCK && whole.l_start == 10);
  struct flock other = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 50, .l_len = 1};
  WANT(fcntl(fd, F_SETLK, &other) == 0);
}

static void waits_for_range(void) {
  struct flock range = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 10};
  int fd = open("locked", O_RDWR);
  put("waiting", "");
  WANT(fd >= 0 && fcntl(fd, F_SETLKW, &range) == 0 && exists("released"));
}

static void await_file(const char *name) {
  for (int i = 0; i < 3000 && !exists(name); i++) {
    usleep(10000);
  }
}

static void fcntl_lock(void) {
  struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 10};
  int fd = open_new("locked");
  WANT(fcntl(fd, F_SETLK, &range) == 0);
  WANT(in_child(locked_elsewhere) == 0);
  pid_t waiter = fork();
  if (waiter == 0) {
    waits_for_range();
    _exit(0);
  }
  await_file("waiting");
  put("released", "");
  range.l_type = F_UNLCK;
  WANT(fcntl(fd, F_SETLK, &range) == 0);
  int status;
  WANT(waitpid(waiter, &status, 0) == waiter && status == 0);
}

static void flocked_elsewhere(void) {
  int fd = open("flocked", O_RDWR);
  WANT(fd >= 0);
  REFUSED(flock(fd, LOCK_EX | LOCK_NB), EWOULDBLOCK);
  REFUSED(flock(fd, LOCK_SH | LOCK_NB), EWOULDBLOCK);
}

static void flock_free_elsewhere(void) {
  int fd = open("flocked", O_RDWR);
  WANT(fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0);
}

static void flock_lock(void) {
  int fd = open_new("flocked");
  WANT(flock(fd, LOCK_EX) == 0 && in_child(flocked_elsewhere) == 0);
  WANT(flock(fd, LOCK_UN) == 0 && in_child(flock_free_elsewhere) == 0);
  /* The child's lock went with the child. */
  WANT(flock(fd, LOCK_EX | LOCK_NB) == 0);
}

static void mmap_read(void) {
  static char page[3 * 4096];
  memset(page, 'm', sizeof page);
  int fd = open_new("mapped");
  WANT(write(fd, page, sizeof page) == sizeof page);
  char *map = mmap(NULL, sizeof page, PROT_READ, MAP_PRIVATE, fd, 0);
  WANT(map != MAP_FAILED && memcmp(map, page, sizeof page) == 0);
}

static void mmap_write(void) {
  int fd = open_new("shared");
  char byte;
  WANT(ftruncate(fd, 2 * 4096) == 0);
  char *map = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  WANT(map != MAP_FAILED);
  map[5000] = 'w';
  WANT(msync(map, 2 * 4096, MS_SYNC) == 0 && pread(fd, &byte, 1, 5000) == 1 && byte == 'w');
  WANT(pwrite(fd, "v", 1, 100) == 1 && map[100] == 'v');
  WANT(munmap(map, 2 * 4096) == 0);
}

static void tmpfile_named(void) {
  char path[64];
  int fd = open(".", O_TMPFILE | O_RDWR, 0600);
  WANT(fd >= 0 && write(fd, "late", 4) == 4);
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  WANT(linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW) == 0);
  WANT(holds("named", "late") && links("named") == 1);
}

static void unlinked_open(void) {
  char bytes[4];
  struct stat status;
  int fd = open_new("gone");
  WANT(write(fd, "kept", 4) == 4 && unlink("gone") == 0 && !exists("gone"));
  WANT(pread(fd, bytes, 4, 0) == 4 && memcmp(bytes, "kept", 4) == 0);
  WANT(pwrite(fd, "more", 4, 4) == 4 && fstat(fd, &status) == 0);
  WANT(status.st_size == 8 && status.st_nlink == 0);
  WANT(fsync(fd) == 0 && close(fd) == 0);
}

static void directory(void) {
  enum { FILES = 700 };
  static char seen[FILES];
  char name[32];
  WANT(mkdir("many", 0755) == 0 && chdir("many") == 0);
  for (int i = 0; i < FILES; i++) {
    snprintf(name, sizeof name, "f%d", i);
    put(name, name);
  }
  DIR *folder = opendir(".");
  int count = 0, number;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (sscanf(entry->d_name, "f%d", &number) == 1) {
      WANT(number >= 0 && number < FILES && !seen[number]);
      seen[number] = 1;
      count++;
    }
  }
  WANT(count == FILES);
  rewinddir(folder);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (entry->d_name[0] == 'f') {
      WANT(unlink(entry->d_name) == 0);
    }
  }
  closedir(folder);
  WANT(chdir("..") == 0 && rmdir("many") == 0);
}

static void names(void) {
  char name[258];
  memset(name, 'n', sizeof name);
  name[255] = 0;
  put(name, "");
  WANT(exists(name));
  name[255] = 'n';
  name[256] = 0;
  REFUSED(open(name, O_CREAT | O_RDWR, 0644), ENAMETOOLONG);
  put("\xff\xfe\n", "odd");
  WANT(holds("\xff\xfe\n", "odd"));
}

static const struct {
  const char *name;
  void (*test)(void);
} TESTS[] = {
    {"create", create},         {"append", append},
    {"rename-over", rename_over}, {"hard-link", hard_link},
    {"symlink", symbolic_link}, {"sparse", sparse},
    {"truncate", truncated},    {"xattr", xattr},
    {"times", times},           {"flock", flock_lock},
    {"fcntl", fcntl_lock},      {"mmap-read", mmap_read},
    {"mmap-write", mmap_write}, {"tmpfile", tmpfile_named},
    {"unlinked-open", unlinked_open}, {"directory", directory},
    {"names", names},
};

static int smoke(int count, char **arguments) {
  for (size_t i = 0; i < sizeof TESTS / sizeof *TESTS; i++) {
    int wanted = 1;
    for (int j = 1; j < count; j++) {
      wanted &= strcmp(arguments[j], TESTS[i].name) != 0;
    }
    if (!wanted) {
      continue;
    }
    if (chdir(arguments[0]) != 0 || mkdir(TESTS[i].name, 0755) != 0 || chdir(TESTS[i].name) != 0) {
      printf("FAIL %s no folder for it: %s\n", TESTS[i].name, strerror(errno));
      continue;
    }
    /* A reason is printed before the verdict: collect it. */
    int ends[2];
    char reason[512];
    size_t length = 0;
    if (pipe(ends) != 0) {
      return 1;
    }
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
      dup2(ends[1], 1);
      close(ends[0]);
      close(ends[1]);
      TESTS[i].test();
      _exit(0);
    }
    close(ends[1]);
    for (ssize_t n; (n = read(ends[0], reason + length, sizeof reason - 1 - length)) > 0;) {
      length += n;
    }
    reason[length] = 0;
    close(ends[0]);
    int status;
    waitpid(child, &status, 0);
    if (status == 0) {
      printf("ok %s\n", TESTS[i].name);
    } else {
      printf("FAIL %s %s (status %d)\n", TESTS[i].name, reason, status);
    }
    fflush(stdout);
  }
  return 0;
}

static int lock(char **arguments) {
  int wait = strcmp(arguments[1], "wait") == 0;
  int fd = open(arguments[2], O_CREAT | O_RDWR, 0644);
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fd < 0) {
    die("open %s", arguments[2]);
  }
  int result = strcmp(arguments[0], "flock") == 0
                   ? flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB)
                   : fcntl(fd, wait ? F_SETLKW : F_SETLK, &whole);
  if (result != 0) {
    if (errno == EAGAIN) {
      return 75;
    }
    die("%s", arguments[0]);
  }
  pid_t child = fork();
  if (child == 0) {
    close(fd);
    execvp(arguments[3], arguments + 3);
    die("%s", arguments[3]);
  }
  int status;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

static int append_lines(char **arguments) {
  char line[64];
  int fd = open(arguments[0], O_CREAT | O_WRONLY | O_APPEND, 0644);
  if (fd < 0) {
    die("open %s", arguments[0]);
  }
  for (int i = 0; i < atoi(arguments[2]); i++) {
    int length = snprintf(line, sizeof line, "%s %d\n", arguments[1], i);
    if (write(fd, line, length) != length) {
      die("write %s", line);
    }
  }
  return fsync(fd) == 0 && close(fd) == 0 ? 0 : 1;
}

static int record(char **arguments) {
  char line[64];
  int fd = open(arguments[0], O_CREAT | O_WRONLY | O_APPEND, 0644);
  for (int i = 0; i < atoi(arguments[1]); i++) {
    int length = snprintf(line, sizeof line, "record %08d\n", i);
    if (write(fd, line, length) != length || fsync(fd) != 0) {
      die("record %d", i);
    }
    printf("signal acknowledged %d\n", i);
    fflush(stdout);
  }
  return 0;
}

int main(int count, char **arguments) {
  if (count >= 3 && strcmp(arguments[1], "smoke") == 0) {
    return smoke(count - 2, arguments + 2);
  }
  if (count >= 6 && strcmp(arguments[1], "lock") == 0) {
    return lock(arguments + 2);
  }
  if (count == 5 && strcmp(arguments[1], "append") == 0) {
    return append_lines(arguments + 2);
  }
  if (count == 4 && strcmp(arguments[1], "record") == 0) {
    return record(arguments + 2);
  }
  return 64;
}
