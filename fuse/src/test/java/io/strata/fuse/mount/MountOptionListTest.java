package io.strata.fuse.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fuse.abi.Lifetimes;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MountOptionListTest {
  private static final MountOptions STANDARD = MountOptions.of("mem:test");

  @Test
  void flagsAreSetAndCleared() {
    MountOptions options = MountOptionList.apply(STANDARD, "ro,nosuid, nodev ,,noatime");
    assertThat(options.flags())
        .containsExactlyInAnyOrder(
            MountFlag.READ_ONLY, MountFlag.NO_SUID, MountFlag.NO_DEV, MountFlag.NO_ATIME);
    assertThat(MountOptionList.apply(options, "rw,suid,dev,atime").flags()).isEmpty();
  }

  @Test
  void fstabWordsAreNothingToUs() {
    assertThat(
            MountOptionList.apply(STANDARD, "defaults,_netdev,nofail,x-systemd.automount,noauto"))
        .isEqualTo(STANDARD);
    assertThat(MountOptionList.apply(STANDARD, "x-mount.mkdir=0755,comment=hello"))
        .isEqualTo(STANDARD);
  }

  @Test
  void valuesAreRead() {
    MountOptions options =
        MountOptionList.apply(
            STANDARD, "entry_timeout=1.5,attr_timeout=2,negative_timeout=0,readers=3,noxattr");
    assertThat(options.session().lifetimes())
        .isEqualTo(new Lifetimes(Duration.ofMillis(1500), Duration.ofSeconds(2), Duration.ZERO));
    assertThat(options.readers()).isEqualTo(3);
    assertThat(options.session().extendedAttributes()).isFalse();
  }

  @Test
  void nonsenseIsNamed() {
    assertThatThrownBy(() -> MountOptionList.apply(STANDARD, "ro,nosense"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown mount option: nosense");
    assertThatThrownBy(() -> MountOptionList.apply(STANDARD, "colour=red"))
        .hasMessage("unknown mount option: colour");
    assertThatThrownBy(() -> MountOptionList.apply(STANDARD, "readers=many"))
        .hasMessage("mount option readers: not a number: many");
    assertThatThrownBy(() -> MountOptionList.apply(STANDARD, "readers=0"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MountOptionList.apply(STANDARD, "attr_timeout=-1"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
