/*
 * Measures from inside a guest; prints "figure NAME value unit" lines.
 *
 *   bench stream BYTES               pseudo-random bytes, always the same, to standard output
 *   bench compare BYTES              whether standard input is that stream, no more and no less
 *   bench small PREFIX FOLDER FILES  creates (4 KiB each), stats and unlinks FILES files
 *   bench write PREFIX FILE MIB      writes in order, 1 MiB a call, and fsync
 *   bench read PREFIX FILE           reads in order, 1 MiB a call
 *   bench random PREFIX FILE COUNT   reads, then writes 4 KiB COUNT times at random places; fsync
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 4096, CHUNK = 1 << 20 };

static uint64_t state = 88172645463325252u;
static char chunk[CHUNK];

/* Marsaglia's xorshift64. */
static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

static void fill(void) {
  for (size_t i = 0; i < CHUNK; i += sizeof(uint64_t)) {
    uint64_t value = next();
    memcpy(chunk + i, &value, sizeof value);
  }
}

static void want(int condition, const char *what) {
  if (!condition) {
    printf("FAIL %s %s\n", what, strerror(errno));
    exit(1);
  }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void figure(const char *prefix, const char *name, double amount, double since,
                   const char *unit) {
  printf("figure %s.%s %.1f %s\n", prefix, name, amount / (now() - since), unit);
  fflush(stdout);
}

static int stream(long bytes) {
  while (bytes > 0) {
    size_t length = bytes < CHUNK ? (size_t)bytes : CHUNK;
    fill();
    for (size_t done = 0; done < length;) {
      ssize_t n = write(1, chunk + done, length - done);
      if (n < 0) {
        return 1;
      }
      done += (size_t)n;
    }
    bytes -= (long)length;
  }
  return 0;
}

static int compare(long bytes) {
  static char input[CHUNK];
  while (bytes > 0) {
    size_t length = bytes < CHUNK ? (size_t)bytes : CHUNK;
    fill();
    want(fread(input, 1, length, stdin) == length, "short");
    want(memcmp(input, chunk, length) == 0, "different");
    bytes -= (long)length;
  }
  want(fread(input, 1, 1, stdin) == 0, "long");
  return 0;
}

static void small(const char *prefix, const char *folder, int files) {
  char name[32];
  struct stat status;
  fill();
  want(mkdir(folder, 0755) == 0 && chdir(folder) == 0, folder);
  double start = now();
  for (int i = 0; i < files; i++) {
    snprintf(name, sizeof name, "file%d", i);
    int fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0644);
    want(fd >= 0 && write(fd, chunk, BLOCK) == BLOCK && close(fd) == 0, name);
  }
  figure(prefix, "create", files, start, "files/s");
  start = now();
  for (int i = 0; i < files; i++) {
    snprintf(name, sizeof name, "file%d", i);
    want(stat(name, &status) == 0 && status.st_size == BLOCK, name);
  }
  figure(prefix, "stat", files, start, "files/s");
  start = now();
  for (int i = 0; i < files; i++) {
    snprintf(name, sizeof name, "file%d", i);
    want(unlink(name) == 0, name);
  }
  figure(prefix, "unlink", files, start, "files/s");
  want(chdir("/") == 0 && rmdir(folder) == 0, folder);
}

static void write_in_order(const char *prefix, const char *file, int mib) {
  int fd = open(file, O_CREAT | O_TRUNC | O_WRONLY, 0644);
  want(fd >= 0, file);
  fill();
  double start = now();
  for (int i = 0; i < mib; i++) {
    /* No two chunks are equal, at no cost to the measurement. */
    memcpy(chunk, &i, sizeof i);
    want(write(fd, chunk, CHUNK) == CHUNK, file);
  }
  want(fsync(fd) == 0, file);
  figure(prefix, "write", mib, start, "MiB/s");
  close(fd);
}

static void read_in_order(const char *prefix, const char *file) {
  int fd = open(file, O_RDONLY);
  long bytes = 0;
  want(fd >= 0, file);
  double start = now();
  for (ssize_t n; (n = read(fd, chunk, CHUNK)) != 0; bytes += n) {
    want(n > 0, file);
  }
  figure(prefix, "read", (double)bytes / CHUNK, start, "MiB/s");
  close(fd);
}

static void random_places(const char *prefix, const char *file, int count) {
  int fd = open(file, O_RDWR);
  struct stat status;
  want(fd >= 0 && fstat(fd, &status) == 0 && status.st_size >= BLOCK, file);
  uint64_t blocks = (uint64_t)status.st_size / BLOCK;
  /* Reads of the whole file in advance would make it another test. */
  posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
  double start = now();
  for (int i = 0; i < count; i++) {
    want(pread(fd, chunk, BLOCK, (off_t)(next() % blocks * BLOCK)) == BLOCK, file);
  }
  figure(prefix, "random-read", count, start, "reads/s");
  fill();
  start = now();
  for (int i = 0; i < count; i++) {
    want(pwrite(fd, chunk, BLOCK, (off_t)(next() % blocks * BLOCK)) == BLOCK, file);
  }
  want(fsync(fd) == 0, file);
  figure(prefix, "random-write", count, start, "writes/s");
  close(fd);
}

int main(int count, char **arguments) {
  if (count == 3 && strcmp(arguments[1], "stream") == 0) {
    return stream(atol(arguments[2]));
  }
  if (count == 3 && strcmp(arguments[1], "compare") == 0) {
    return compare(atol(arguments[2]));
  }
  if (count == 5 && strcmp(arguments[1], "small") == 0) {
    small(arguments[2], arguments[3], atoi(arguments[4]));
  } else if (count == 5 && strcmp(arguments[1], "write") == 0) {
    write_in_order(arguments[2], arguments[3], atoi(arguments[4]));
  } else if (count == 4 && strcmp(arguments[1], "read") == 0) {
    read_in_order(arguments[2], arguments[3]);
  } else if (count == 5 && strcmp(arguments[1], "random") == 0) {
    random_places(arguments[2], arguments[3], atoi(arguments[4]));
  } else {
    return 64;
  }
  return 0;
}
