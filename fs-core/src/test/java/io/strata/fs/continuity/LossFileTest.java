package io.strata.fs.continuity;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.store.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LossFileTest {
  private static final VolumeId VOLUME = new VolumeId(new UUID(1, 2));

  @TempDir Path folder;

  private Path path() {
    return folder.resolve("losses");
  }

  private Losses read(VolumeId volume) throws IOException {
    Losses losses = new Losses();
    LossFile.read(path(), volume, losses);
    return losses;
  }

  private static Losses some() {
    Losses losses = new Losses();
    losses.lose(11, 3);
    losses.lose(12, 5);
    losses.loseAnything(4);
    losses.tell(new Losses.Telling(6, 12, 99));
    losses.knownThrough(5);
    return losses;
  }

  @Test
  void whatWasLostAndToldIsReadBack() throws IOException {
    try (LossFile file = LossFile.write(path(), VOLUME, some())) {
      file.tell(new Losses.Telling(6, 11, 98));
      file.loseAnything(2);
    }
    Losses losses = read(VOLUME);
    assertThat(losses.lostIn(11)).isEqualTo(3);
    assertThat(losses.lostIn(12)).isEqualTo(5);
    assertThat(losses.lostIn(13)).isZero();
    assertThat(losses.lastOfAnything(9)).isEqualTo(4);
    assertThat(losses.lastOfAnything(3)).isEqualTo(2);
    assertThat(losses.told(99)).isEqualTo(6);
    assertThat(losses.told(98)).isEqualTo(6);
    assertThat(losses.toldOf(11)).isEqualTo(6);
    assertThat(losses.knownThrough()).isEqualTo(5);
  }

  @Test
  void anotherVolumesFileSaysNothing() throws IOException {
    LossFile.write(path(), VOLUME, some()).close();
    assertThat(read(new VolumeId(new UUID(1, 3))).knownThrough()).isZero();
  }

  @Test
  void aFileThatIsCutOffDoesNotClaimToBeComplete() throws IOException {
    LossFile.write(path(), VOLUME, some()).close();
    byte[] whole = Files.readAllBytes(path());
    for (int length = 0; length < whole.length; length++) {
      Files.write(path(), Arrays.copyOf(whole, length));
      assertThat(read(VOLUME).knownThrough()).as("%d bytes", length).isZero();
    }
  }
}
