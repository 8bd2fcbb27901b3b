package io.strata.vhost.fake;

import io.strata.vhost.device.VirtioDevice;
import io.strata.vhost.queue.DescriptorChain;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Answers each request with its own bytes, at once or when it is let. */
public final class EchoDevice implements VirtioDevice {
  private final BlockingQueue<DescriptorChain> held = new LinkedBlockingQueue<>();
  private final List<String> events = new ArrayList<>();
  private final byte[] config = "configuration".getBytes(StandardCharsets.US_ASCII);
  private volatile boolean holding;
  private volatile byte[] state = {};

  /** From now on requests wait until they are let go. */
  public void hold() {
    holding = true;
  }

  /** Waits for a request that is held. */
  public DescriptorChain taken() throws InterruptedException {
    return held.take();
  }

  /** What happened to it, in order. */
  public synchronized List<String> events() {
    return List.copyOf(events);
  }

  /** What it saves, or has loaded. */
  public byte[] state() {
    return state.clone();
  }

  /** Gives it a state. */
  public void state(byte[] next) {
    state = next.clone();
  }

  private synchronized void happened(String event) {
    events.add(event);
  }

  /** Answers a request. */
  public static void echo(DescriptorChain chain) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(chain.readable().byteSize());
      chain.readable().copyTo(0, bytes);
      chain.writable().copyFrom(bytes, 0);
      chain.complete(bytes.byteSize());
    }
  }

  @Override
  public long deviceFeatures() {
    return 0;
  }

  @Override
  public int queueCount() {
    return 2;
  }

  @Override
  public int configBytes() {
    return config.length;
  }

  @Override
  public void readConfig(int offset, byte[] into) {
    System.arraycopy(config, offset, into, 0, into.length);
  }

  @Override
  public boolean writeConfig(int offset, byte[] from, boolean migrating) {
    if (migrating) {
      System.arraycopy(from, 0, config, offset, from.length);
    }
    return migrating;
  }

  @Override
  public void accept(int queue, DescriptorChain chain) {
    if (holding) {
      held.add(chain);
    } else {
      echo(chain);
    }
  }

  @Override
  public void started(long negotiatedFeatures) {
    happened("started");
  }

  @Override
  public void reset() {
    happened("reset");
  }

  @Override
  public boolean quiesce() {
    happened("quiesce");
    return true;
  }

  @Override
  public byte[] saveState() {
    return state();
  }

  @Override
  public void loadState(byte[] loaded) throws IOException {
    MemorySegment bad = MemorySegment.ofArray("bad".getBytes(StandardCharsets.US_ASCII));
    if (MemorySegment.ofArray(loaded).mismatch(bad) < 0) {
      throw new IOException("this is no state");
    }
    state(loaded);
  }

  /** All bytes from 0 on, repeating. */
  public static byte[] pattern(int bytes) {
    byte[] all = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      MemorySegment.ofArray(all).set(ValueLayout.JAVA_BYTE, i, (byte) i);
    }
    return all;
  }

  @Override
  public void close() {
    happened("close");
  }
}
