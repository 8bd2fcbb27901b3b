package io.strata.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A database in WAL mode, filled in several transactions. */
record SqliteStep() implements Step {
  static final String ROOT = "sqlite";

  private static final Program SQLITE = Program.named("sqlite3");
  private static final int ROWS = 20_000;
  private static final int TRANSACTIONS = 10;

  @Override
  public String name() {
    return "sqlite, WAL";
  }

  @Override
  public boolean possible(DemoTree tree) {
    return tree.directory().isPresent() && SQLITE.exists();
  }

  @Override
  public Work run(DemoTree tree, ManifestWriter manifest, Progress progress) throws IOException {
    tree.makeDirectories(ROOT);
    Path directory = tree.directory().orElseThrow().resolve(ROOT);
    sql(directory, "PRAGMA journal_mode=WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT);");
    for (int i = 0; i < TRANSACTIONS; i++) {
      sql(
          directory,
          """
          WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)
          INSERT INTO t SELECT i, hex(randomblob(50)) FROM n;
          """
              .formatted(i * (ROWS / TRANSACTIONS) + 1, (i + 1) * (ROWS / TRANSACTIONS)));
      progress.advance(TRANSACTIONS);
    }
    check(directory);
    return new Work(1, Files.size(directory.resolve("demo.db")));
  }

  @Override
  public Optional<Verdict> verify(DemoTree tree) {
    return Optional.of(
        new Verdict(
            "SQLite finds its database in order and all %d rows in it".formatted(ROWS),
            problems(tree.directory().orElseThrow().resolve(ROOT))));
  }

  private static List<String> problems(Path directory) {
    try {
      check(directory);
      return List.of();
    } catch (IOException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private static void check(Path directory) throws IOException {
    String said = sql(directory, "PRAGMA integrity_check; SELECT count(*) FROM t;");
    if (!said.equals("ok\n" + ROWS)) {
      throw new IOException("integrity_check and count(*) say " + said.replace('\n', ' '));
    }
  }

  private static String sql(Path directory, String statements) throws IOException {
    return SQLITE.run(directory, "demo.db", statements);
  }
}
