# Two guests on one volume. Parameters: role (a or b), patience (seconds until either has to see
# what the other did), locks (whether they are shared).
attach
mkdir -p /mnt/pair
cd /mnt/pair

# see NAME COMMAND..: the other has just done something: is it seen here?
see() { sleep "$patience"; check "$@"; }
is() { [ "$(cat "$1")" = "$2" ]; }
gone() { [ ! -e "$1" ]; }
full() { [ "$(grep -c "^$1 " log)" = 200 ]; }

turn_of_locks() {
  for kind in flock fcntl; do
    if [ "$role" = a ]; then
      posix lock $kind wait lock sh -c "echo signal $kind-held; read -r go; touch $kind-released"
      await $kind-seen
    else
      await $kind-held
      posix lock $kind try lock true
      check $kind-refused [ $? = 75 ]
      signal go
      check $kind-passed posix lock $kind wait lock test -e $kind-released
      signal $kind-seen
    fi
  done
}

if [ "$role" = a ]; then
  await ready
  echo one >seen; signal created; await next
  echo longer >seen; signal changed; await next
  mv seen moved; signal moved; await next
  rm moved; mkdir folder; signal removed; await next
  see rmdir gone folder
else
  ls -l >/dev/null
  signal ready
  await created; see create is seen one; signal next
  await changed; see change is seen longer; signal next
  await moved; see rename is moved longer; check rename-old gone seen; signal next
  await removed; see unlink gone moved; check mkdir [ -d folder ]; rmdir folder; signal next
fi
[ "$locks" != shared ] || turn_of_locks
check append posix append log "$role" 200
signal appended
await appended
see append-own full "$role"
check append-other full $([ "$role" = a ] && echo b || echo a)
check append-size [ "$(wc -l <log)" = 400 ]
cd /
