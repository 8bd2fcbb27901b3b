#!/bin/sh
# A tree goes through tar into the volume, out of it, and is the same.
# needs: tar
set -eu
cd "$1"
tar -C /usr -cf - include | tar -xf -
tar -C "$1" -cf back.tar include
mkdir back
tar -C back -xf back.tar
diff -r /usr/include include
diff -r include back/include
(cd /usr/include && find . -printf '%p %y %m %s %l\n' | grep -v ' d ' | sort) >want
(cd include && find . -printf '%p %y %m %s %l\n' | grep -v ' d ' | sort) >got
cmp want got
