package io.strata.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.cli.output.JsonValue;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
  private static final DaemonIdentity IDENTITY =
      new DaemonIdentity(
          "file:/srv/a", List.of(Path.of("/mnt/a")), ProcessHandle.current().pid(), false, false);

  @TempDir private Path folder;
  private RuntimeDirectory directory;
  private ControlServer server;

  @BeforeEach
  void start() throws IOException {
    directory = new RuntimeDirectory(folder.resolve("run"));
    directory.prepare();
    server = ControlServer.start(directory, ControlSocketTest::answer);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static JsonValue answer(ControlRequest request) throws IOException {
    return switch (request) {
      case ControlRequest.Identify identify -> IDENTITY;
      case ControlRequest.Unmount unmount when unmount.force() ->
          out -> {
            out.writeStartObject();
            out.writeBooleanField("forced", true);
            out.writeEndObject();
          };
      case ControlRequest.Unmount unmount -> throw new IOException("/mnt/a is busy");
      case ControlRequest.Statistics statistics -> throw new IllegalStateException();
      case ControlRequest.Checkpoint checkpoint -> throw new IOException("store is away");
      case ControlRequest.CreateSnapshot create -> throw new IOException(create.name());
      case ControlRequest.Schedule schedule -> throw new IOException(schedule.rules());
      case ControlRequest.Rollback rollback -> throw new IOException(rollback.to());
      case ControlRequest.DeleteSnapshots delete -> throw new IOException("" + delete.names());
      case ControlRequest.KeepForClone keep -> throw new IOException("store is away");
      case ControlRequest.CollectGarbage collect -> throw new IOException("store is away");
    };
  }

  @Test
  void findsADaemonByVolumeAndByDirectory() throws IOException {
    Daemons daemons = new Daemons(directory);

    assertThat(daemons.running()).containsExactly(IDENTITY);
    assertThat(daemons.ofVolume("file:/srv/a")).hasValue(IDENTITY);
    assertThat(daemons.ofVolume("file:/srv/b")).isEmpty();
    assertThat(daemons.at(Path.of("/mnt/a/"))).hasValue(IDENTITY);
    assertThat(daemons.at(Path.of("/mnt"))).isEmpty();
  }

  @Test
  void oneConnectionCarriesManyRequests() throws IOException {
    try (ControlClient client = new Daemons(directory).connect(IDENTITY)) {
      assertThat(DaemonIdentity.of(client.ask(new ControlRequest.Identify()))).isEqualTo(IDENTITY);
      assertThatThrownBy(() -> client.ask(new ControlRequest.Unmount(false)))
          .isInstanceOf(ControlFailure.class)
          .hasMessage("/mnt/a is busy");
      assertThat(client.ask(new ControlRequest.Unmount(true)).flag("forced")).isTrue();
      assertThatThrownBy(() -> client.ask(new ControlRequest.Statistics()))
          .isInstanceOf(ControlFailure.class)
          .hasMessageContaining("IllegalStateException");
    }
  }

  private Path socketOfAKilledDaemon() throws IOException {
    Path socket = directory.path().resolve("1.sock");
    try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      killed.bind(UnixDomainSocketAddress.of(socket));
    }
    return socket;
  }

  @Test
  void removesTheSocketOfADaemonThatWasKilled() throws IOException {
    Path socket = socketOfAKilledDaemon();
    Files.setLastModifiedTime(socket, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

    assertThat(new Daemons(directory).running()).containsExactly(IDENTITY);
    assertThat(socket).doesNotExist();
  }

  @Test
  void leavesASocketThatADaemonMayHaveMadeJustNow() throws IOException {
    Path socket = socketOfAKilledDaemon();

    assertThat(new Daemons(directory).running()).containsExactly(IDENTITY);
    assertThat(socket).exists();
  }

  @Test
  void aClosedServerIsGone() throws IOException {
    server.close();

    assertThat(new Daemons(directory).running()).isEmpty();
    assertThat(directory.path()).isEmptyDirectory();
  }

  @Test
  void onlyItsUserMayEnterTheDirectory() throws IOException {
    assertThat(Files.getPosixFilePermissions(directory.path())).hasSize(3);
    directory.prepare();
  }

  @Test
  void theEnvironmentSaysWhereTheDirectoryIs() throws IOException {
    assertThat(RuntimeDirectory.find(Map.of("STRATA_RUNTIME_DIR", "/x/y")).path())
        .isEqualTo(Path.of("/x/y"));
    assertThat(RuntimeDirectory.find(Map.of()).path().getFileName().toString())
        .startsWith("strata");
  }
}
