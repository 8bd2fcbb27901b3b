#!/bin/sh
# fio writes at random with and without fsync and verifies every block.
# needs: fio
set -eu
cd "$1"
fio --name=random --filename=data --size=64M --bs=4k --rw=randrw --rwmixread=30 \
  --ioengine=psync --verify=crc32c --verify_fatal=1 --do_verify=1 --time_based=0 \
  --group_reporting --minimal >fio.log
fio --name=sync --filename=synced --size=4M --bs=16k --rw=randwrite --fsync=8 \
  --ioengine=psync --verify=md5 --verify_fatal=1 --do_verify=1 --minimal >>fio.log
fio --name=append --directory=. --numjobs=4 --size=8M --bs=64k --rw=write \
  --ioengine=mmap --verify=sha256 --verify_fatal=1 --do_verify=1 --minimal >>fio.log
