package io.strata.fs.posix;

import static io.strata.fs.posix.TestVolume.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExtendedAttributesTest {
  private static final int CREATE = 1;
  private static final int REPLACE = 2;

  private final TestVolume volume = new TestVolume();
  private Ino file = Ino.ROOT;

  @BeforeEach
  void aFile() throws FsException {
    file = volume.file(Ino.ROOT, "f");
  }

  @AfterEach
  void treeIsSound() {
    volume.check();
  }

  @Test
  void valuesComeBackAndNamesAreListed() throws FsException {
    Timestamp now = volume.tick();
    set("user.b", "blue", 0);
    set("user.a", "", CREATE);
    set("system.posix_acl_access", "acl", 0);
    assertThat(get("user.b")).isEqualTo(bytes("blue"));
    assertThat(get("user.a")).isEmpty();
    assertThat(get("user.c")).isNull();
    assertThat(volume.files.extendedAttributes(USER, file))
        .containsExactly(bytes("system.posix_acl_access"), bytes("user.a"), bytes("user.b"));
    assertThat(volume.attributes(file).changed()).isEqualTo(now);
    set("user.b", "green", REPLACE);
    volume.files.removeExtendedAttribute(USER, file, bytes("user.a"));
    assertThat(get("user.b")).isEqualTo(bytes("green"));
    assertThat(volume.files.extendedAttributes(USER, file)).hasSize(2);
  }

  @Test
  void flagsAreObeyed() throws FsException {
    set("user.a", "x", 0);
    assertThat(volume.errno(() -> set("user.a", "y", CREATE))).isEqualTo(Errno.EEXIST);
    assertThat(volume.errno(() -> set("user.b", "y", REPLACE))).isEqualTo(Errno.ENODATA);
    assertThat(volume.errno(() -> set("user.b", "y", 4))).isEqualTo(Errno.EINVAL);
    assertThat(
            volume.errno(
                () -> volume.files.removeExtendedAttribute(USER, file, bytes("user.b"))))
        .isEqualTo(Errno.ENODATA);
  }

  @Test
  void namesHaveANamespaceAndALength() throws FsException {
    set("user." + "x".repeat(250), "longest", 0);
    assertThat(volume.errno(() -> set("user." + "x".repeat(251), "", 0)))
        .isEqualTo(Errno.ERANGE);
    assertThat(volume.errno(() -> set("", "", 0))).isEqualTo(Errno.ERANGE);
    assertThat(volume.errno(() -> set("user.", "", 0))).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(volume.errno(() -> set("other.x", "", 0))).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(volume.errno(() -> set("system.other", "", 0))).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(volume.errno(() -> set("user.a\0b", "", 0))).isEqualTo(Errno.EOPNOTSUPP);
  }

  @Test
  void valuesHaveALimit() throws FsException {
    byte[] largest = new byte[65_536];
    volume.files.setExtendedAttribute(USER, file, bytes("user.a"), largest, 0);
    assertThat(get("user.a")).isEqualTo(largest);
    byte[] larger = new byte[65_537];
    assertThat(
            volume.errno(
                () -> volume.files.setExtendedAttribute(USER, file, bytes("user.b"), larger, 0)))
        .isEqualTo(Errno.E2BIG);
  }

  @Test
  void theListStaysListable() throws FsException {
    String filler = "x".repeat(240);
    for (int i = 0; i < 260; i++) {
      set("user.%06d%s".formatted(i, filler), "", 0);
    }
    assertThat(volume.files.extendedAttributes(USER, file)).hasSize(260);
    assertThat(volume.errno(() -> set("user.999999" + filler, "", 0))).isEqualTo(Errno.ENOSPC);
    set("user.000000" + filler, "other", 0);
  }

  @Test
  void whatIsNotThereHasNone() {
    Ino nowhere = new Ino(4711);
    assertThat(volume.errno(() -> volume.files.extendedAttributes(USER, nowhere)))
        .isEqualTo(Errno.ESTALE);
    assertThat(
            volume.errno(
                () -> volume.files.extendedAttribute(USER, nowhere, bytes("user.a"))))
        .isEqualTo(Errno.ESTALE);
  }

  private void set(String name, String value, int flags) throws FsException {
    volume.files.setExtendedAttribute(USER, file, bytes(name), bytes(value), flags);
  }

  private byte @Nullable [] get(String name) throws FsException {
    return volume.files.extendedAttribute(USER, file, bytes(name));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
