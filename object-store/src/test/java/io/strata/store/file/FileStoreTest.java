package io.strata.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreContract;
import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileStoreTest extends StoreContract {
  private static final ObjectKey KEY = new ObjectKey("some/object");
  private static final Body BODY = Body.of(new byte[] {1, 2, 3});

  private final Platform platform = SystemPlatform.create();
  @TempDir private Path folder;

  @Override
  protected ObjectStore open() throws StoreException {
    return FileStore.open(folder.resolve("contract"), platform);
  }

  @Test
  void objectIsAFileOfItsName() throws IOException {
    Path root = folder.resolve("not/made/yet");
    FileStore store = FileStore.open(root, platform);

    store.put(KEY, BODY, Condition.ABSENT);

    assertThat(root.resolve("some/object")).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(store.location()).isEqualTo("file:" + root.toRealPath());
    assertThat(filesIn(root.resolve(TempFiles.FOLDER))).isEmpty();
  }

  @Test
  void readingMakesNothing() throws StoreException {
    Path root = folder.resolve("absent");
    FileStore store = FileStore.open(root, platform);

    assertThat(store.list("", "", 1).entries()).isEmpty();
    assertThat(store.head(KEY)).isEmpty();
    store.delete(List.of(KEY));

    assertThat(root).doesNotExist();
  }

  @Test
  void rootMayBeASymbolicLink() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);

    FileStore.open(link, platform).put(KEY, BODY, Condition.ABSENT);

    assertThat(real.resolve("some/object")).exists();
  }

  @Test
  void whatIsNoFolderIsNoStore() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> FileStore.open(file, platform))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining("not a folder");
    assertThatThrownBy(() -> FileStore.open(file.resolve("below"), platform))
        .isInstanceOf(StoreException.Refused.class);
    assertThatThrownBy(() -> FileStore.open(Path.of("/"), platform))
        .isInstanceOf(StoreException.Refused.class);
  }

  @Test
  void symbolicLinksDoNotLeadOut() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.write(outside.resolve("object"), new byte[1]);
    Path root = Files.createDirectory(folder.resolve("root"));
    Files.createSymbolicLink(root.resolve("some"), outside);
    Files.createSymbolicLink(root.resolve("alias"), outside.resolve("object"));
    FileStore store = FileStore.open(root, platform);

    for (ObjectKey key : List.of(KEY, new ObjectKey("alias"))) {
      assertThatThrownBy(() -> store.get(key, ByteRange.ALL))
          .isInstanceOf(StoreException.Refused.class);
      assertThatThrownBy(() -> store.head(key)).isInstanceOf(StoreException.Refused.class);
      assertThatThrownBy(() -> store.delete(List.of(key)))
          .isInstanceOf(StoreException.Refused.class);
    }
    assertThatThrownBy(() -> store.put(KEY, BODY, Condition.NONE))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining("symbolic link");
    assertThat(store.list("", "", 10).entries()).isEmpty();
    assertThat(store.list("some/", "", 10).entries()).isEmpty();
    assertThat(outside.resolve("object")).hasBinaryContent(new byte[1]);
  }

  @Test
  void nameIsAnObjectOrAFolder() throws StoreException {
    FileStore store = FileStore.open(folder, platform);
    ObjectKey above = new ObjectKey("some");
    ObjectKey below = new ObjectKey("some/object/below");
    store.put(KEY, BODY, Condition.ABSENT);

    for (Condition condition : Condition.values()) {
      assertThatThrownBy(() -> store.put(above, BODY, condition))
          .isInstanceOf(StoreException.Refused.class);
      assertThatThrownBy(() -> store.put(below, BODY, condition))
          .isInstanceOf(StoreException.Refused.class);
    }
    assertThatThrownBy(() -> store.get(above, ByteRange.ALL))
        .isInstanceOf(StoreException.Missing.class);
    assertThatThrownBy(() -> store.get(below, ByteRange.ALL))
        .isInstanceOf(StoreException.Missing.class);
    store.delete(List.of(above, below));
    assertThat(store.head(KEY)).contains(3L);
  }

  @Test
  void emptyFolderIsNotDeleted() throws StoreException {
    FileStore store = FileStore.open(folder, platform);
    store.put(KEY, BODY, Condition.ABSENT);

    store.delete(List.of(KEY));
    store.delete(List.of(new ObjectKey("some")));

    assertThat(folder.resolve("some")).isEmptyDirectory();
  }

  @Test
  void longNamesAreRefusedClearly() throws StoreException {
    FileStore store = FileStore.open(folder, platform);
    ObjectKey key = new ObjectKey("n".repeat(256));

    assertThatThrownBy(() -> store.put(key, BODY, Condition.ABSENT))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining("File name too long");
    assertThat(store.head(key)).isEmpty();
  }

  @Test
  void abandonedTempFilesGoAtTheFirstPut() throws IOException {
    Path temp = Files.createDirectory(folder.resolve(TempFiles.FOLDER));
    Path old = Files.createFile(temp.resolve("old"));
    Files.setLastModifiedTime(old, FileTime.from(platform.clock().now().minus(Duration.ofDays(1))));
    Path fresh = Files.createFile(temp.resolve("fresh"));
    FileStore store = FileStore.open(folder, platform);
    assertThat(store.list("", "", 10).entries()).as("temp files are no objects").isEmpty();

    store.put(KEY, BODY, Condition.ABSENT);

    assertThat(filesIn(temp)).containsExactly(fresh);
  }

  @Test
  void foldersThatATidierRemovesAreMadeAgain() throws IOException {
    FileStore store = FileStore.open(folder, platform);
    store.put(KEY, BODY, Condition.ABSENT);
    store.delete(List.of(KEY));
    Files.delete(folder.resolve("some"));
    Files.delete(folder.resolve(TempFiles.FOLDER));

    store.put(KEY, BODY, Condition.ABSENT);
    store.put(new ObjectKey("some/other"), BODY, Condition.NONE);

    assertThat(store.list("", "", 10).entries()).hasSize(2);
  }

  @Test
  void interruptedPutLeavesNoTrace() throws IOException {
    FileStore store = FileStore.open(folder, platform);

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> store.put(KEY, BODY, Condition.ABSENT))
        .isInstanceOf(StoreException.Unavailable.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(store.head(KEY)).isEmpty();
    store.put(KEY, BODY, Condition.ABSENT);
    assertThat(filesIn(folder.resolve(TempFiles.FOLDER))).isEmpty();
  }

  @Test
  void strangeFilesAreNoObjects() throws IOException {
    Files.createDirectory(folder.resolve("lost+found"));
    Files.createFile(folder.resolve("a file with spaces"));
    FileStore store = FileStore.open(folder, platform);

    assertThat(store.list("", "", 10).entries()).isEmpty();
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    assertThat(Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)).isTrue();
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
