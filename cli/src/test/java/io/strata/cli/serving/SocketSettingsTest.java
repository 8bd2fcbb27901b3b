package io.strata.cli.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fuse.server.CacheMode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketSettingsTest {
  private static GuestSocket parse(String argument) {
    return SocketSettings.DEFAULT.socket(argument);
  }

  @Test
  void aPathAloneHasTheDefaults() {
    GuestSocket socket = parse("/run/a.sock");

    assertThat(socket.place()).isEqualTo(new SocketPlace.At(Path.of("/run/a.sock")));
    assertThat(socket.config().tag()).isEqualTo("strata");
    assertThat(socket.config().requestQueues()).isEqualTo(1);
    assertThat(socket.view().isWhole()).isTrue();
    assertThat(socket.cache()).isEqualTo(CacheMode.AUTO);
    assertThat(socket.writeback()).isFalse();
    assertThat(socket.access().mode()).isEqualTo(0600);
  }

  @Test
  void whatStandsBehindThePathIsStronger() {
    GuestSocket socket =
        new SocketSettings(
                "all",
                true,
                "/x",
                CacheMode.NEVER,
                false,
                List.of("0:5:1"),
                List.of(),
                2,
                0660,
                "kvm")
            .socket(
                "/run/a,tag=home,readonly=off,subdir=/home,cache=always,writeback,"
                    + "uid-map=10:1000:5,gid-map=0:100:1,queues=4");

    assertThat(socket.config().tag()).isEqualTo("home");
    assertThat(socket.config().requestQueues()).isEqualTo(4);
    assertThat(socket.view().readOnly()).isFalse();
    assertThat(socket.view().directory()).isEqualTo("/home");
    assertThat(socket.view().uids().ranges()).hasSize(2);
    assertThat(socket.view().gids().ranges()).hasSize(1);
    assertThat(socket.cache()).isEqualTo(CacheMode.ALWAYS);
    assertThat(socket.writeback()).isTrue();
    assertThat(socket.access().group()).isEqualTo("kvm");
  }

  @Test
  void aCommaIsWrittenTwice() {
    GuestSocket socket = parse("/run/a,,b.sock,subdir=/x,,y,readonly");

    assertThat(socket.place()).isEqualTo(new SocketPlace.At(Path.of("/run/a,b.sock")));
    assertThat(socket.view().directory()).isEqualTo("/x,y");
    assertThat(socket.view().readOnly()).isTrue();
  }

  @Test
  void aRelativePathIsMadeAbsolute() {
    assertThat(parse("a.sock").place())
        .isEqualTo(new SocketPlace.At(Path.of("a.sock").toAbsolutePath()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",readonly",
        "/run/a,",
        "/run/a,tags=x",
        "/run/a,tag",
        "/run/a,tag=",
        "/run/a,readonly=maybe",
        "/run/a,cache=sometimes",
        "/run/a,queues=many",
        "/run/a,queues=0",
        "/run/a,uid-map=1:2",
        "/run/a,uid-map=0:0:10,uid-map=5:100:1",
        "/run/a,cache=never,writeback"
      })
  void nonsenseIsRefused(String argument) {
    assertThatThrownBy(() -> parse(argument)).isInstanceOf(IllegalArgumentException.class);
  }
}
