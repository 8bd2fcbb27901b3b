package io.strata.cli.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.cli.control.ControlClient;
import io.strata.cli.control.ControlFailure;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.control.DaemonIdentity;
import io.strata.cli.control.Daemons;
import io.strata.cli.control.RuntimeDirectory;
import io.strata.cli.daemon.DaemonEvents;
import io.strata.cli.daemon.VolumeDaemon;
import io.strata.cli.daemon.VolumeInUse;
import io.strata.cli.daemon.VolumeRequest;
import io.strata.cli.output.JsonTree;
import io.strata.cli.volume.StoreConnection;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.SocketMessage;
import io.strata.fuse.linux.UnixSocket;
import io.strata.platform.SystemPlatform;
import io.strata.vhost.protocol.FrontEndCodec;
import io.strata.vhost.protocol.FrontEndMessage;
import io.strata.vhost.socket.SocketInUse;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service with its sockets; what goes through them is tested where it is made. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ServeServiceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private RuntimeDirectory runtime;
  private String url;

  @BeforeEach
  void format() throws IOException {
    runtime = new RuntimeDirectory(folder.resolve("run"));
    url = "file:" + folder.resolve("bucket");
    try (StoreConnection connection =
        StoreConnection.open(url, PATIENCE, SystemPlatform.create())) {
      Volume.format(connection.store(), FormatOptions.DEFAULT, SystemPlatform.create());
    }
  }

  private VolumeRequest request() {
    return new VolumeRequest(url, OpenOptions.DEFAULT, null, null, null, PATIENCE);
  }

  private Path socket(String name) {
    return folder.resolve(name);
  }

  private CompletableFuture<VolumeDaemon.End> serve(String... sockets) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(1);
    List<GuestSocket> guests =
        List.of(sockets).stream()
            .map(name -> SocketSettings.DEFAULT.socket(socket(name).toString()))
            .toList();
    CompletableFuture<VolumeDaemon.End> end = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                end.complete(
                    new ServeService(runtime)
                        .serve(
                            request(),
                            guests,
                            LockSettings.DEFAULT,
                            DaemonEvents.whenReady(ready::countDown)));
              } catch (IOException | InterruptedException | RuntimeException e) {
                end.completeExceptionally(e);
              } finally {
                ready.countDown();
              }
            });
    ready.await();
    return end;
  }

  private DaemonIdentity daemon() throws IOException {
    return new Daemons(runtime).ofVolume(url).orElseThrow();
  }

  @Test
  void servesManySocketsUntilItIsEnded() throws Exception {
    CompletableFuture<VolumeDaemon.End> end = serve("a", "b");

    assertThat(daemon().places()).containsExactly(socket("a"), socket("b"));
    assertThat(new Daemons(runtime).at(socket("b"))).hasValue(daemon());
    try (ControlClient client = new Daemons(runtime).connect(daemon())) {
      JsonTree statistics = client.ask(new ControlRequest.Statistics());
      assertThat(statistics.texts("places")).hasSize(2);
      assertThat(statistics.integer("sessions")).isEqualTo(2);
      assertThat(client.ask(new ControlRequest.Checkpoint()).has("head")).isTrue();
      assertThat(client.ask(new ControlRequest.Unmount(false)).has("head")).isTrue();
    }
    assertThat(end.get()).isEqualTo(VolumeDaemon.End.CLOSED);
    assertThat(socket("a")).doesNotExist();
    assertThat(socket("b")).doesNotExist();
  }

  @Test
  void whoIsConnectedIsNotEndedWithoutForce() throws Exception {
    CompletableFuture<VolumeDaemon.End> end = serve("a");

    try (Descriptor frontEnd = UnixSocket.connected(socket("a").toString());
        ControlClient client = new Daemons(runtime).connect(daemon())) {
      awaitAnswer(frontEnd);
      assertThatThrownBy(() -> client.ask(new ControlRequest.Unmount(false)))
          .isInstanceOf(ControlFailure.class)
          .hasMessageContaining("a guest is connected to " + socket("a"));
      client.ask(new ControlRequest.Unmount(true));
    }
    assertThat(end.get()).isEqualTo(VolumeDaemon.End.CLOSED);
  }

  private static void awaitAnswer(Descriptor frontEnd) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer message = FrontEndCodec.encode(new FrontEndMessage.GetFeatures(), false);
      MemorySegment bytes = arena.allocate(message.remaining());
      bytes.copyFrom(MemorySegment.ofBuffer(message));
      SocketMessage.send(frontEnd, bytes, List.of());
      assertThat(SocketMessage.receive(frontEnd, arena.allocate(64), 0).bytes()).isPositive();
    }
  }

  @Test
  void aSecondDaemonOfTheVolumeIsTurnedAway() throws Exception {
    CompletableFuture<VolumeDaemon.End> first = serve("a");

    assertThat(serve("b"))
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withCauseInstanceOf(VolumeInUse.class)
        .withMessageContaining("is served on " + socket("a"));
    assertThat(socket("b")).doesNotExist();
    endIt();
    first.get();
  }

  @Test
  void aSocketThatIsInUseIsFoundBeforeTheVolumeIsOpened() throws Exception {
    CompletableFuture<VolumeDaemon.End> first = serve("a");
    VolumeRequest other =
        new VolumeRequest(
            "file:" + folder.resolve("none"), OpenOptions.DEFAULT, null, null, null, PATIENCE);
    List<GuestSocket> guests =
        List.of(
            SocketSettings.DEFAULT.socket(socket("c").toString()),
            SocketSettings.DEFAULT.socket(socket("a").toString()));

    assertThatThrownBy(
            () -> new ServeService(runtime).serve(other, guests, LockSettings.DEFAULT, DaemonEvents.whenReady(() -> {})))
        .isInstanceOf(SocketInUse.class);
    assertThat(socket("c")).doesNotExist();
    assertThat(Files.exists(socket("a"))).isTrue();
    endIt();
    first.get();
  }

  @Test
  void aDirectoryThatIsNotThereIsAClearError() throws Exception {
    List<GuestSocket> guests =
        List.of(SocketSettings.DEFAULT.socket(socket("a") + ",subdir=/no/such"));

    assertThatThrownBy(
            () -> new ServeService(runtime).serve(request(), guests, LockSettings.DEFAULT, DaemonEvents.whenReady(() -> {})))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("directory /no/such of the volume");
    assertThat(socket("a")).doesNotExist();
  }

  private void endIt() throws IOException {
    try (ControlClient client = new Daemons(runtime).connect(daemon())) {
      client.ask(new ControlRequest.Unmount(true));
    }
  }
}
