# Works until its back end is killed.
attach
mkdir -p /mnt/churn
(
  i=0
  while true; do
    i=$((i + 1))
    echo "content $i" >/mnt/churn/f$((i % 50)) && mv /mnt/churn/f$((i % 50)) /mnt/churn/g$((i % 7))
    dd if=/dev/zero of=/mnt/churn/big bs=64k count=8 seek=$((i % 20)) conv=notrunc 2>/dev/null
  done
) &
posix record /mnt/records 100000
