# Two guests; the one in role a dies with locks held and files open. Parameters: role.
attach
if [ "$role" = a ]; then
  exec 5>/mnt/gone
  rm /mnt/gone
  echo bytes >&5
  posix lock fcntl wait /mnt/lock posix lock flock wait /mnt/flock sh -c 'echo signal holding; sleep 600'
fi
(
  i=0
  while [ ! -e /tmp/stop ]; do
    i=$((i + 1))
    echo "$i" >"/mnt/b$((i % 10))" && [ "$(cat "/mnt/b$((i % 10))")" = "$i" ] || fail worker "round $i"
  done
  echo "$i" >/tmp/rounds
) &
worker=$!
await holding
posix lock fcntl try /mnt/lock true
check fcntl-refused [ $? = 75 ]
posix lock flock try /mnt/flock true
check flock-refused [ $? = 75 ]
signal kill
check fcntl-freed timeout 60 posix lock fcntl wait /mnt/lock true
check flock-freed timeout 60 posix lock flock wait /mnt/flock true
touch /tmp/stop
wait $worker
check worker [ "$(cat /tmp/rounds)" -gt 0 ]
