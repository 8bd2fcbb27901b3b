#!/bin/sh
# A repository is made, cloned and checked by git itself.
# needs: git
set -eu
cd "$1"
export HOME="$1" GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@t
git init -q origin
cd origin
for i in $(seq 40); do
  mkdir -p "d$((i % 7))"
  seq "$i" 2000 >"d$((i % 7))/f$i"
  git add -A
  git commit -q -m "commit $i"
done
cd ..
git clone -q --no-hardlinks origin clone
git -C clone fsck --strict --full
git -C clone repack -q -a -d
git -C clone gc -q --prune=now
git -C clone fsck --strict --full
test "$(git -C origin rev-parse HEAD)" = "$(git -C clone rev-parse HEAD)"
test -z "$(git -C clone status --porcelain)"
