#!/bin/sh
# A minute of stress-ng's filesystem stressors, each with its own verification.
# needs: stress-ng
set -eu
cd "$1"
seconds=${STRATA_STRESS_SECONDS:-60}
set -- dentry dir dirdeep fallocate fiemap file-ioctl filename flock fstat getdent hdd link \
  lockf open rename seek symlink utime xattr chmod chown io fpunch readahead
each=$((seconds / $# + 1))
for stressor in "$@"; do
  stress-ng "--$stressor" 1 --timeout "${each}s" --verify --temp-path . --oom-avoid \
    --hdd-bytes 16M --fallocate-bytes 16M --readahead-bytes 16M --quiet 2>stress.err || {
    status=$?
    # 2: not to be had on this kernel or filesystem; 4: not implemented.
    if [ $status != 2 ] && [ $status != 4 ]; then
      echo "stressor $stressor: exit status $status"
      cat stress.err
      exit 1
    fi
    echo "stressor $stressor cannot run here"
  }
done
