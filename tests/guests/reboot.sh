# Boots three times: reboots itself, then is reset from outside. Each time it leaves locks and open
# files behind.
attach
boots=$(($(cat /mnt/boots 2>/dev/null || echo 0) + 1))
echo "boot $boots"
check lock-free posix lock fcntl try /mnt/lock true
check flock-free posix lock flock try /mnt/flock true
[ "$boots" = 1 ] || check synced [ "$(wc -l </mnt/synced)" = $(((boots - 1) * 500)) ]
echo "$boots" >/mnt/boots
check append posix append /mnt/synced "boot-$boots" 500
sync
if [ "$boots" -lt 3 ]; then
  exec 5>/mnt/open-$boots
  rm "/mnt/open-$boots"
  echo unsynced >&5
  posix lock fcntl wait /mnt/lock posix lock flock wait /mnt/flock sh -c 'echo signal holding; sleep 600' &
  if [ "$boots" = 1 ]; then
    sleep 1
    reboot -f
  fi
  sleep 600
fi
