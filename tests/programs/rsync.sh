#!/bin/sh
# rsync copies a tree; a second run that compares checksums finds nothing to do.
# needs: rsync
set -eu
cd "$1"
rsync -a /usr/include/ copy/
rsync -a -c --itemize-changes /usr/include/ copy/ >changes
if [ -s changes ]; then
  echo "second run changed something:"
  head changes
  exit 1
fi
rsync -a -c --inplace --delete copy/ second/
diff -r copy second
