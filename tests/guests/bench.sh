# Measures two devices in turn, `virtiofsd` and `strata`, each going first every other round. Round 0
# finds the back ends cold; until they have served some 10,000 requests of each kind a JVM is not at
# its best, so more come before the rounds that count. Parameters: warm, rounds, files, mib, places.
for tag in virtiofsd strata; do attach $tag /$tag; done

measure() {
  local home=/$1 name=$2.$1
  bench small "$name" "$home/small" "$files" || end "$1 small"
  bench write "$name" "$home/large" "$mib" || end "$1 write"
  cold "$1" "$home"
  bench read "$name" "$home/large" || end "$1 read"
  cold "$1" "$home"
  bench random "$name" "$home/large" "$places" || end "$1 random"
  rm "$home/large"
}

for round in $(seq 0 $((warm + rounds))); do
  signal "round $round of $((warm + rounds))"
  if [ $((round % 2)) = 0 ]; then
    measure virtiofsd "$round"; measure strata "$round"
  else
    measure strata "$round"; measure virtiofsd "$round"
  fi
done
