#!/bin/bash
# What POSIX promises and programs rely on, asked one by one.
# needs: bash
set -eu
cd "$1"
fail() { echo "failed: $*"; exit 1; }
# Unlinked and open.
exec 3<>gone; echo kept >&3; rm gone
test "$(cat /proc/self/fd/3)" = kept || fail "unlinked file lost its bytes"
exec 3>&-
# Append by many writers loses no line.
for w in 1 2 3 4; do (for i in $(seq 250); do echo "w$w line $i" >>appended; done) & done
wait
test "$(wc -l <appended)" = 1000 || fail "append lost lines"
test "$(sort -u appended | wc -l)" = 1000 || fail "append mixed lines"
# Sparse files.
truncate -s 1G sparse; printf x | dd of=sparse bs=1 seek=700000000 conv=notrunc status=none
test "$(stat -c %s sparse)" = 1073741824 || fail "sparse size"
test "$(du -k sparse | cut -f1)" -lt 1024 || fail "a hole takes space"
cp --sparse=always sparse sparse2; cmp sparse sparse2 || fail "sparse copy"
# Truncate and grow reads zeros.
printf 'abcdefgh' >t; truncate -s 3 t; truncate -s 8 t
test "$(od -An -c t | tr -d ' \n')" = 'abc\0\0\0\0\0' || fail "grown bytes are not zero"
# Links and their counts.
echo one >a; ln a b; test "$(stat -c %h a)" = 2 || fail "link count"
rm a; test "$(cat b)" = one || fail "the other name"
mkdir -p x/y/z; test "$(stat -c %h x)" = 3 || fail "directory link count"
mv x/y x/y/z/w 2>/dev/null && fail "directory moved into itself"
mkdir full; touch full/f; mkdir empty; mv -T empty full 2>/dev/null && fail "replaced a full directory"
rmdir full 2>/dev/null && fail "removed a full directory"
# Permissions, set-id, sticky.
touch p; chmod 4755 p; test "$(stat -c %a p)" = 4755 || fail "mode"
echo x >>p; id -u | grep -qx 0 || test "$(stat -c %a p)" = 755 || fail "set-id survived a write"
mkdir g; chgrp 12345 g 2>/dev/null && chmod 2775 g && { touch g/f; mkdir g/d
  test "$(stat -c %g g/f)" = 12345 || fail "group not inherited"
  test "$(stat -c %a g/d)" = 2755 || fail "set-group-id not inherited: $(stat -c %a g/d)"; }
# Times.
touch -d '2001-02-03 04:05:06.789012345 UTC' when
test "$(stat -c %.9Y when)" = 981173106.789012345 || fail "nanoseconds: $(stat -c %.9Y when)"
test "$(stat -c %W when)" -gt 981173106 || fail "birth time"
# Long and odd names.
n=$(printf 'n%.0s' $(seq 255)); touch "$n"; test -e "$n" || fail "255 bytes"
touch "n$n" 2>/dev/null && fail "256 bytes"
touch $'new\nline' $'\xff\xfe' ' '; test -e $'\xff\xfe' || fail "bytes that are no UTF-8"
# Special files.
mkfifo fifo; (echo through >fifo &); test "$(cat fifo)" = through || fail "fifo"
ln -s nowhere dangling; test "$(readlink dangling)" = nowhere || fail "symlink"
# A large directory, listed whole and removed while listed.
mkdir many; (cd many && seq 5000 | xargs touch); test "$(ls many | wc -l)" = 5000 || fail "listing"
rm -r many; test ! -e many || fail "rm -r"
# Extended attributes, where setfattr is installed.
if command -v setfattr >/dev/null; then
  setfattr -n user.k -v value p; test "$(getfattr --only-values -n user.k p)" = value || fail xattr
  setfattr -x user.k p; getfattr -n user.k p 2>/dev/null && fail "removed xattr"
fi
# Space comes back in statfs once files are gone.
before=$(stat -f -c %f .); dd if=/dev/urandom of=space bs=1M count=8 status=none; sync space
during=$(stat -f -c %f .); rm space; after=$(stat -f -c %f .)
test "$during" -lt "$before" && test "$after" -gt "$during" || fail "statfs $before $during $after"
echo "posix: all holds"
