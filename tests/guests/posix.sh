# POSIX smoke test. Parameters: without (names of tests to leave out).
attach
mkdir -p /mnt/posix
posix smoke /mnt/posix $(echo "$without" | tr , ' ')
