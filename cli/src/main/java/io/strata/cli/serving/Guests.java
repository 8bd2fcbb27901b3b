package io.strata.cli.serving;

import io.strata.fs.Outdated;
import io.strata.cli.daemon.Export;
import io.strata.fs.Replacement;
import io.strata.fuse.server.SessionStats;
import io.strata.store.Epoch;
import io.strata.vhost.backend.BackEnd;
import io.strata.vhost.fs.VirtioFsDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Devices on sockets, for as many guests. */
final class Guests implements Export {
  private final List<Served> served;
  private final CompletableFuture<Void> ended;

  /** A socket with what is behind it. */
  record Served(GuestSocket socket, VirtioFsDevice device, BackEnd backEnd) {}

  Guests(List<Served> served) {
    this.served = List.copyOf(served);
    this.ended =
        CompletableFuture.allOf(
            served.stream().map(one -> one.backEnd().ended()).toArray(CompletableFuture[]::new));
  }

  @Override
  public List<Path> places() {
    return served.stream().flatMap(one -> one.socket().path()).toList();
  }

  @Override
  public void await() {
    ended.join();
  }

  @Override
  public void end(boolean force) throws IOException {
    if (!force) {
      for (Served one : served) {
        if (one.backEnd().connected()) {
          throw new IOException(
              "a guest is connected to %s: shut it down, or use --force".formatted(one.backEnd()));
        }
      }
    }
    close();
  }

  @Override
  public void close() {
    served.forEach(one -> one.backEnd().end());
  }

  /** Nothing can be asked of a guest's kernel: whoever wants its files whole syncs in the guest. */
  @Override
  public void settle() {}

  @Override
  public <T> T replace(Epoch newest, Replacement<T> replacement) throws IOException {
    return replacement.run(Outdated.NOBODY);
  }

  @Override
  public List<SessionStats> sessions() {
    return served.stream().map(one -> one.device().session().stats()).toList();
  }
}
