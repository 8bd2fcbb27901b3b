package io.strata.cli.mounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HelperArgumentsTest {
  private static final Set<String> KNOWN =
      Set.of("--flush-size", "--read-only", "--allow-other", "--config");

  private static final Set<String> MOUNT_OPTIONS = Set.of("nosuid", "noatime");

  private static List<String> translate(String... given) {
    return HelperArguments.translate(List.of(given), KNOWN, MOUNT_OPTIONS::contains).arguments();
  }

  @Test
  void aPlainMount() {
    assertThat(translate("file:/srv/a", "/mnt"))
        .containsExactly("mount", "--background", "--", "file:/srv/a", "/mnt");
  }

  @Test
  void aLineOfFstab() {
    assertThat(
            translate(
                "s3://bucket/a?endpoint=http://h:9000",
                "/mnt",
                "-o",
                "rw,_netdev,noauto,nofail,x-systemd.automount,comment=mine,nosuid,noatime,"
                    + "flush_size=16MiB,config=/etc/strata.conf"))
        .containsExactly(
            "mount",
            "--background",
            "--flush-size=16MiB",
            "--config=/etc/strata.conf",
            "--mount-options=nosuid,noatime",
            "--",
            "s3://bucket/a?endpoint=http://h:9000",
            "/mnt");
  }

  @Test
  void readOnly() {
    assertThat(translate("file:/srv/a", "/mnt", "-o", "ro")).contains("--read-only");
    assertThat(translate("-r", "file:/srv/a", "/mnt")).contains("--read-only");
  }

  @Test
  void namesMayHaveUnderscores() {
    assertThat(translate("file:/a", "/mnt", "-o", "allow_other")).contains("--allow-other");
    assertThat(translate("file:/a", "/mnt", "-o", "allow-other")).contains("--allow-other");
  }

  @Test
  void flagsOfMount() {
    HelperArguments translated =
        HelperArguments.translate(
            List.of("-fnv", "file:/a", "/mnt", "-t", "fuse.strata", "-N", "/proc/1/ns/mnt"),
            KNOWN,
            MOUNT_OPTIONS::contains);

    assertThat(translated.fake()).isTrue();
    assertThat(translated.arguments())
        .containsExactly("mount", "--background", "--verbose", "--", "file:/a", "/mnt");
  }

  @Test
  void refusesAnOptionThatNobodyKnows() {
    assertThatThrownBy(() -> translate("file:/a", "/mnt", "-o", "flush_sise=1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("flush_sise=1");
  }

  @Test
  void saysThatNothingIsMountedAnewInPlace() {
    assertThatThrownBy(() -> translate("file:/a", "/mnt", "-o", "remount,ro"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unmount it");
  }

  @Test
  void ignoresItIfSloppy() {
    assertThat(translate("file:/a", "/mnt", "-s", "-o", "flush_sise=1,ro"))
        .containsExactly("mount", "--background", "--read-only", "--", "file:/a", "/mnt");
  }

  @Test
  void refusesTooFewPlaces() {
    assertThatThrownBy(() -> translate("/mnt")).hasMessageContaining("a URL and a directory");
    assertThatThrownBy(() -> translate("file:/a", "/mnt", "-o")).hasMessageContaining("-o needs");
  }
}
