package io.strata.fuse.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.fuse.abi.Opcode;
import io.strata.fuse.fake.Shell;
import io.strata.fuse.server.OperationStats;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs see of a mounted filesystem. */
class PosixMountTest {
  @TempDir private Path directory;
  private MountedFake mounted;

  @BeforeAll
  static void usable() {
    MountedFake.assumeUsable();
  }

  @BeforeEach
  void mount() throws IOException {
    mounted = MountedFake.on(directory);
  }

  @AfterEach
  void unmount() throws IOException {
    mounted.close();
    assertThat(mounted.fileSystem.openHandles()).as("handles left open").isZero();
  }

  private String check(String script) throws IOException, InterruptedException {
    return Shell.check(mounted.path(), script);
  }

  private long count(Opcode opcode) {
    return mounted.stats().operations().stream()
        .filter(operation -> operation.opcode() == opcode)
        .mapToLong(OperationStats::count)
        .sum();
  }

  @Test
  void filesAndDirectories() throws Exception {
    check(
        """
        mkdir -p a/b/c
        echo one > a/file
        echo two >> a/file
        [ "$(cat a/file)" = $'one\\ntwo' ]
        mv a/file a/b/c/moved
        [ ! -e a/file ]
        cp -a a copy
        diff -r a copy
        ! rmdir a 2>/dev/null
        ! mkdir a/b 2>/dev/null
        rm -r a
        [ "$(ls)" = copy ]
        """);
  }

  @Test
  void linksAndSpecialFiles() throws Exception {
    check(
        """
        echo text > f
        ln f hard
        [ "$(stat -c %h f)" = 2 ]
        [ f -ef hard ]
        ln -s "../$(basename "$PWD")/f" soft
        [ "$(cat soft)" = text ]
        [ "$(readlink soft)" = "../$(basename "$PWD")/f" ]
        rm f
        [ "$(stat -c %h hard)" = 1 ]
        [ "$(cat hard)" = text ]
        mkfifo pipe
        [ -p pipe ]
        (echo through > pipe &)
        [ "$(cat pipe)" = through ]
        mknod device c 1 3
        [ "$(stat -c %t:%T device)" = 1:3 ]
        mknod large b 259 70000
        [ "$(stat -c %t:%T large)" = 103:11170 ]
        """);
  }

  @Test
  void renamesReplaceAtomically() throws Exception {
    check(
        """
        echo old > target
        echo new > source
        exec 3< target
        mv source target
        [ "$(cat target)" = new ]
        [ "$(cat <&3)" = old ]
        exec 3<&-
        mkdir full empty
        touch full/x
        ! mv -T empty full 2>/dev/null
        mv -nT target full/x
        [ -e target ]
        """);
  }

  @Test
  void unlinkedFilesStayUsable() throws Exception {
    check(
        """
        exec 3<> gone
        rm gone
        echo still here >&3
        [ "$(cat /proc/self/fd/3)" = "still here" ]
        [ "$(stat -Lc %h /proc/self/fd/3)" = 0 ]
        """);
  }

  @Test
  void attributes() throws Exception {
    check(
        """
        umask 027
        touch f
        mkdir d
        [ "$(stat -c %a f)" = 640 ]
        [ "$(stat -c %a d)" = 750 ]
        chmod 4711 f
        [ "$(stat -c %a f)" = 4711 ]
        chown 12:34 f
        [ "$(stat -c %u:%g:%a f)" = 12:34:711 ]
        touch -d '2001-02-03 04:05:06.123456789 UTC' f
        [ "$(TZ=UTC stat -c %y f)" = '2001-02-03 04:05:06.123456789 +0000' ]
        touch -d '1901-01-01 00:00:00 UTC' f
        [ "$(stat -c %Y f)" = -2177452800 ]
        [ "$(stat -c %W f)" -gt 0 ]
        """);
  }

  @Test
  void sparseFilesAndTruncation() throws Exception {
    check(
        """
        truncate -s 1G sparse
        [ "$(stat -c %s:%b sparse)" = 1073741824:0 ]
        printf end | dd of=sparse bs=1 seek=1000000 conv=notrunc status=none
        [ "$(stat -c %b sparse)" -lt 64 ]
        [ "$(dd if=sparse bs=1 skip=1000000 count=3 status=none)" = end ]
        truncate -s 1000001 sparse
        [ "$(tail -c 1 sparse)" = e ]
        fallocate -l 4096 room
        [ "$(stat -c %s room)" = 4096 ]
        head -c 65536 /dev/zero | tr '\\0' x > holed
        fallocate -p -o 8192 -l 16384 holed
        [ "$(tr -d '\\0' < holed | wc -c)" = 49152 ]
        """);
  }

  @Test
  void permissionsAreChecked() throws Exception {
    assumeTrue(Shell.has("setpriv"), "there is no setpriv");
    check(
        """
        chmod 755 .
        echo secret > f
        chmod 600 f
        as_nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
        ! $as_nobody cat f 2>/dev/null
        ! $as_nobody touch g 2>/dev/null
        chmod 644 f
        [ "$($as_nobody cat f)" = secret ]
        mkdir -m 1777 open
        $as_nobody touch open/theirs
        [ "$(stat -c %u open/theirs)" = 65534 ]
        """);
  }

  @Test
  void setIdBitsGoWhenOthersWrite() throws Exception {
    assumeTrue(Shell.has("setpriv"), "there is no setpriv");
    check(
        """
        chmod 755 .
        echo x > f
        chmod 6777 f
        setpriv --reuid=65534 --regid=65534 --clear-groups bash -c 'echo y >> f'
        [ "$(stat -c %a f)" = 777 ]
        [ "$(cat f)" = $'x\\ny' ]
        """);
  }

  @Test
  void extendedAttributes() throws Exception {
    assumeTrue(Shell.has("setfattr"), "there is no setfattr (package attr)");
    check(
        """
        touch f
        setfattr -n user.colour -v blue f
        [ "$(getfattr --only-values -n user.colour f)" = blue ]
        getfattr f | grep -q user.colour
        setfattr -x user.colour f
        ! getfattr -n user.colour f 2>/dev/null
        """);
  }

  @Test
  void largeRequests() throws Exception {
    check(
        """
        head -c 67108864 /dev/urandom > ../random.$$
        trap 'rm ../random.$$' EXIT
        dd if=../random.$$ of=copy bs=1M status=none
        sync copy
        cmp ../random.$$ copy
        dd if=../random.$$ of=direct bs=1M oflag=direct status=none
        cmp ../random.$$ direct
        dd if=direct bs=1M iflag=direct status=none | cmp - ../random.$$
        """);
    OperationStats writes =
        mounted.stats().operations().stream()
            .filter(operation -> operation.opcode() == Opcode.WRITE)
            .findAny()
            .orElseThrow();
    assertThat(writes.bytesIn() / writes.count()).as("bytes a write").isGreaterThan(256 << 10);
  }

  @Test
  void manyEntriesWithSeekdir() throws Exception {
    assumeTrue(Shell.has("perl"), "there is no perl");
    check("mkdir many; cd many; seq 1 10000 | xargs touch");
    check(
        """
        perl -e '
          opendir(my $d, "many") or die $!;
          my (@first, @rest, @again);
          push @first, readdir $d for 1..5000;
          my $here = telldir $d;
          push @rest, $_ while defined($_ = readdir $d);
          seekdir $d, $here;
          push @again, $_ while defined($_ = readdir $d);
          die "seekdir: @{[scalar @rest]} and @{[scalar @again]}" unless "@rest" eq "@again";
          my %seen = map { $_ => 1 } @first, @rest;
          die "saw @{[scalar keys %seen]}" unless keys %seen == 10002 && @first + @rest == 10002;
          rewinddir $d;
          my $n = () = readdir $d;
          die "rewinddir: $n" unless $n == 10002;
        '
        [ "$(find many -type f | wc -l)" = 10000 ]
        rm -r many
        """);
  }

  @Test
  void writtenDataIsNotTakenForAHole() throws Exception {
    assumeTrue(Shell.has("perl"), "there is no perl");
    // The first descriptor stays open, so that the kernel holds the page back.
    check(
        """
        perl -e '
          open(my $w, "+>", "f") or die $!;
          truncate($w, 1 << 20);
          sysseek($w, 500000, 0);
          syswrite($w, "data") == 4 or die $!;
          open(my $r, "<", "f") or die $!;
          my $at = sysseek($r, 0, 3);
          die "data at $at" unless $at <= 500000 && $at > 490000;
          my $hole = sysseek($r, $at, 4);
          die "hole at $hole" unless $hole >= 500004 && $hole < 510000;
        '
        """);
  }

  @Test
  void copyingSharesOrCopies() throws Exception {
    check(
        """
        head -c 3000000 /dev/urandom > a
        cp --reflink=never a b
        cmp a b
        """);
  }

  @Test
  void namesAreAnyBytesUpTo255() throws Exception {
    check(
        """
        long=$(printf 'n%.0s' $(seq 255))
        touch "$long"
        ! touch "${long}x" 2>/dev/null
        touch $'\\xff\\xfe' $'new\\nline' 'sp ace'
        [ "$(find . -mindepth 1 -printf . | wc -c)" = 4 ]
        """);
  }

  @Test
  void closingAndAskingForAccessCostNothing() throws Exception {
    check("for i in 1 2 3 4 5; do echo $i > f$i; [ -w f$i ]; done");
    assertThat(count(Opcode.FLUSH)).as("only the first close asks").isLessThanOrEqualTo(2);
    assertThat(count(Opcode.ACCESS)).isZero();
  }

  @Test
  void absentNamesAreAskedForOnce() throws Exception {
    check("for i in 1 2 3 4 5; do [ ! -e absent ]; done");
    assertThat(count(Opcode.LOOKUP)).isEqualTo(1);
  }
}
