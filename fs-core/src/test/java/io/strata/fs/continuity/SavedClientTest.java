package io.strata.fs.continuity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.schema.Ino;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class SavedClientTest {
  private static byte[] encoded() {
    OpenCounts open = OpenCounts.onHeap();
    open.add(new Ino(5), 3);
    open.add(new Ino(6), 1);
    VolumeId volume = new VolumeId(new UUID(1, 2));
    return new SavedClient(volume, 9, 4, 7, new byte[] {1, 2, 3}, open).encode();
  }

  @Example
  void travelsWhole() throws IOException {
    SavedClient saved = SavedClient.decode(encoded());
    assertThat(saved.volume()).isEqualTo(new VolumeId(new UUID(1, 2)));
    assertThat(saved.epoch()).isEqualTo(9);
    assertThat(saved.firstEpoch()).isEqualTo(4);
    assertThat(saved.suspect()).isEqualTo(7);
    assertThat(saved.session()).containsExactly(1, 2, 3);
    assertThat(saved.open().get(new Ino(5))).isEqualTo(3);
    assertThat(saved.open().isOnly(new Ino(5))).isTrue();
    assertThat(saved.open().total()).isEqualTo(4);
  }

  @Example
  void whateverIsMissingIsMissed() {
    byte[] whole = encoded();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> SavedClient.decode(cut)).isInstanceOf(IOException.class);
    }
  }

  @Property
  void noiseIsRefused(@ForAll byte[] noise) {
    assertThatThrownBy(() -> SavedClient.decode(noise)).isInstanceOf(IOException.class);
  }
}
