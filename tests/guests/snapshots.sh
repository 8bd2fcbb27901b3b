# One guest whose volume gets snapshots: below .snapshots each is a filesystem of its own.
attach
cd /mnt

number() { stat -c "%i" "$1"; }
device() { stat -c "%d" "$1"; }
refused() { ! "$@" 2>/tmp/why && grep -q "$why" /tmp/why; }
stale() { ! cat <&5 2>/tmp/why && grep -q "Stale" /tmp/why; }
differ() { [ "$1" != "$2" ]; }

mkdir -p d/e
echo before >d/file
ln d/file d/e/linked
ln -s file d/symbolic
cp -a d /tmp/copy
sync
signal first; await made

echo after >d/file
rm -r d/e
check unlisted [ "$(ls -A)" = d ]
check listed [ "$(ls .snapshots | tr '\n' ' ')" = "a b " ]
check same-as-then diff -r /tmp/copy .snapshots/a/d
check now-is-another [ "$(cat d/file)" = after ]
check restore cp -a .snapshots/a/d/e restored
check restored diff -r /tmp/copy/e restored

a=$(device .snapshots/a/.) b=$(device .snapshots/b/.) volume=$(device .)
check device-of-a differ "$a" "$volume"
check device-of-b differ "$b" "$volume"
check devices-differ differ "$a" "$b"
check device-below [ "$(device .snapshots/a/d/file)" = "$a" ]
check device-of-directory [ "$(device .snapshots)" = "$volume" ]
check links-are-one [ "$(number .snapshots/a/d/file)" = "$(number .snapshots/a/d/e/linked)" ]
check number differ "$(number .snapshots/a/d/file)" "$(number d/file)"
check find-stays [ -z "$(find .snapshots/ -xdev -name file)" ]

why="Read-only"
check no-write refused sh -c 'echo x >.snapshots/a/d/file'
check no-create refused touch .snapshots/a/new
check no-removal refused rm .snapshots/a/d/file
check no-mode refused chmod 700 .snapshots/a/d
why="exists"
check no-other refused mkdir .snapshots
why="ross-device"
check no-link refused ln .snapshots/a/d/file linked

exec 5<.snapshots/b/d/file
signal second; await deleted
check deleted [ "$(ls .snapshots)" = a ]
check stale stale
exec 5<&-
check gone [ ! -e .snapshots/b/d ]
check other-stays diff -r /tmp/copy .snapshots/a/d
cd /
check unmount umount /mnt
attach
check again diff -r /tmp/copy /mnt/.snapshots/a/d
