#!/bin/sh
# Databases in rollback and WAL mode; SQLite checks their integrity.
# needs: sqlite3
set -eu
cd "$1"
for mode in delete wal; do
  db=$mode.db
  sqlite3 "$db" "PRAGMA journal_mode=$mode;
    CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b BLOB); CREATE INDEX i ON t(a);" >/dev/null
  for round in $(seq 20); do
    sqlite3 "$db" "BEGIN;
      WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x<200)
      INSERT INTO t(a,b) SELECT 'r$round-'||x, randomblob(500) FROM n;
      COMMIT; DELETE FROM t WHERE id % 13 = $((round % 13));"
  done
  # Two writers at once: locks must work.
  sqlite3 -cmd '.timeout 20000' "$db" "UPDATE t SET a=a||'x' WHERE id%2=0;" &
  sqlite3 -cmd '.timeout 20000' "$db" "UPDATE t SET a=a||'y' WHERE id%2=1;"
  wait
  test "$(sqlite3 "$db" 'PRAGMA integrity_check;')" = ok
  test "$(sqlite3 "$db" "SELECT count(*) FROM t WHERE a NOT LIKE '%x' AND a NOT LIKE '%y';")" = 0
  sqlite3 "$db" VACUUM
  test "$(sqlite3 "$db" 'PRAGMA integrity_check;')" = ok
done
