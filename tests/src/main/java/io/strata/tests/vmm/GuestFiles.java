package io.strata.tests.vmm;

import io.strata.fuse.abi.InitFlags;
import io.strata.fuse.abi.Opcode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a guest's kernel does with the filesystem, one method a request. Each waits for its answer;
 * an errno is a {@link GuestError}. Safe for any thread.
 */
public final class GuestFiles {
  /** The root directory's node. */
  public static final long ROOT = 1;

  /** Flags of open(2). */
  public static final int READ_WRITE = 2;

  private static final int ENTRY_BYTES = 128;
  private static final int OPENED_BYTES = 16;
  private static final int ATTRIBUTES_BYTES = 104;

  /** Where attributes begin in fuse_entry_out, and what is where in them. */
  private static final int ENTRY_ATTRIBUTES_AT = 40;

  private static final int SIZE_AT = 8;
  private static final int LINKS_AT = 64;

  private final Guest guest;

  public GuestFiles(Guest guest) {
    this.guest = guest;
  }

  /** An open file: its node and its handle. */
  public record File(long node, long handle) {}

  /** Part of a node's attributes. */
  public record Node(long node, long size, int links) {}

  /** Sends INIT as Linux does for virtio-fs; returns what was agreed on. */
  public long init() throws InterruptedException {
    long wanted =
        InitFlags.ASYNC_READ
            | InitFlags.BIG_WRITES
            | InitFlags.DO_READDIRPLUS
            | InitFlags.PARALLEL_DIROPS
            | InitFlags.MAX_PAGES
            | InitFlags.INIT_EXT;
    FuseRequest init =
        new FuseRequest(Opcode.INIT, 0)
            .u32(7)
            .u32(38)
            .u32(1 << 17)
            .u32((int) wanted)
            .u32(0);
    for (int unused = 0; unused < 11; unused++) {
      init.u32(0);
    }
    return ok(init.replyBytes(64)).u32(12);
  }

  public Node lookup(long parent, String name) throws InterruptedException {
    return entry(ok(new FuseRequest(Opcode.LOOKUP, parent).string(name).replyBytes(ENTRY_BYTES)));
  }

  public Node attributes(long node) throws InterruptedException {
    FuseAnswer answer = ok(getAttributes(node));
    return new Node(node, answer.u64(16 + SIZE_AT), answer.u32(16 + LINKS_AT));
  }

  /** GETATTR, to be sent. */
  public static FuseRequest getAttributes(long node) {
    return new FuseRequest(Opcode.GETATTR, node).u32(0).u32(0).u64(0).replyBytes(ATTRIBUTES_BYTES);
  }

  public Node makeDirectory(long parent, String name) throws InterruptedException {
    FuseRequest make = new FuseRequest(Opcode.MKDIR, parent).u32(0755).u32(0);
    return entry(ok(make.string(name).replyBytes(ENTRY_BYTES)));
  }

  /** Creates a file that must not exist, and opens it. */
  public File create(long parent, String name) throws InterruptedException {
    FuseAnswer answer = ok(createRequest(parent, name));
    return new File(answer.u64(0), answer.u64(ENTRY_BYTES));
  }

  /** CREATE with O_EXCL, to be sent. */
  public static FuseRequest createRequest(long parent, String name) {
    return new FuseRequest(Opcode.CREATE, parent)
        .u32(READ_WRITE | 0100 | 0200)
        .u32(0644)
        .u32(0)
        .u32(0)
        .string(name)
        .replyBytes(ENTRY_BYTES + OPENED_BYTES);
  }

  public File open(long node) throws InterruptedException {
    FuseRequest open = new FuseRequest(Opcode.OPEN, node).u32(READ_WRITE).u32(0);
    return new File(node, ok(open.replyBytes(OPENED_BYTES)).u64(0));
  }

  public byte[] read(File file, long offset, int size) throws InterruptedException {
    return ok(readRequest(file, offset, size)).bytes();
  }

  /** READ, to be sent. */
  public static FuseRequest readRequest(File file, long offset, int size) {
    return new FuseRequest(Opcode.READ, file.node())
        .u64(file.handle())
        .u64(offset)
        .u32(size)
        .u32(0)
        .u64(0)
        .u32(READ_WRITE)
        .u32(0)
        .replyBytes(size);
  }

  public int write(File file, long offset, byte[] bytes) throws InterruptedException {
    return ok(writeRequest(file, offset, bytes, 0)).u32(0);
  }

  /** Appends, wherever the end is: O_APPEND. */
  public int append(File file, byte[] bytes) throws InterruptedException {
    return ok(writeRequest(file, 0, bytes, 02000)).u32(0);
  }

  /** WRITE with flags of open(2), to be sent. */
  public static FuseRequest writeRequest(File file, long offset, byte[] bytes, int flags) {
    return new FuseRequest(Opcode.WRITE, file.node())
        .u64(file.handle())
        .u64(offset)
        .u32(bytes.length)
        .u32(0)
        .u64(0)
        .u32(READ_WRITE | flags)
        .u32(0)
        .payload(bytes)
        .replyBytes(8);
  }

  public void sync(File file) throws InterruptedException {
    ok(syncRequest(file));
  }

  /** FSYNC, to be sent. */
  public static FuseRequest syncRequest(File file) {
    return new FuseRequest(Opcode.FSYNC, file.node()).u64(file.handle()).u32(0).u32(0);
  }

  public void release(File file) throws InterruptedException {
    ok(new FuseRequest(Opcode.RELEASE, file.node())
        .u64(file.handle())
        .u32(READ_WRITE)
        .u32(0)
        .u64(0));
  }

  /** SETATTR of the size, to be sent. */
  public static FuseRequest truncateRequest(long node, long size) {
    FuseRequest change = new FuseRequest(Opcode.SETATTR, node).u32(1 << 3).u32(0).u64(0).u64(size);
    for (int rest = 0; rest < 16; rest++) {
      change.u32(0);
    }
    return change.replyBytes(ATTRIBUTES_BYTES);
  }

  public void unlink(long parent, String name) throws InterruptedException {
    ok(new FuseRequest(Opcode.UNLINK, parent).string(name));
  }

  public void rename(long parent, String name, long newParent, String newName)
      throws InterruptedException {
    ok(new FuseRequest(Opcode.RENAME, parent).u64(newParent).string(name).string(newName));
  }

  /** Names in a directory but for the two dots. */
  public List<String> list(long directory) throws InterruptedException {
    long handle =
        ok(new FuseRequest(Opcode.OPENDIR, directory).u32(0).u32(0).replyBytes(OPENED_BYTES)).u64(0);
    List<String> names = new ArrayList<>();
    long cookie = 0;
    while (true) {
      byte[] page = page(directory, handle, cookie);
      if (page.length == 0) {
        break;
      }
      var entries = Message.buffer(page.length).put(0, page);
      int at = 0;
      while (at < page.length) {
        cookie = entries.getLong(at + 8);
        int length = entries.getInt(at + 16);
        String name = new String(page, at + 24, length, StandardCharsets.UTF_8);
        if (!name.equals(".") && !name.equals("..")) {
          names.add(name);
        }
        at += 24 + length + 7 & ~7;
      }
    }
    ok(new FuseRequest(Opcode.RELEASEDIR, directory).u64(handle).u32(0).u32(0).u64(0));
    return names;
  }

  private byte[] page(long directory, long handle, long cookie) throws InterruptedException {
    FuseRequest read = new FuseRequest(Opcode.READDIR, directory).u64(handle).u64(cookie);
    return ok(read.u32(4096).u32(0).u64(0).u32(0).u32(0).replyBytes(4096)).bytes();
  }

  /** Forgets a node once, on the queue for what is urgent; waits until the device took note. */
  public void forget(long node) throws InterruptedException {
    FuseRequest forget = new FuseRequest(Opcode.FORGET, node).u64(1);
    guest.await(guest.send(forget, guest.nextUnique(), Guest.URGENT));
  }

  /** Says that nobody waits for a request any more. */
  public void interrupt(long unique) throws InterruptedException {
    FuseRequest interrupt = new FuseRequest(Opcode.INTERRUPT, 0).u64(unique);
    guest.await(guest.send(interrupt, unique | 1, Guest.URGENT));
  }

  private static Node entry(FuseAnswer answer) {
    return new Node(
        answer.u64(0),
        answer.u64(ENTRY_ATTRIBUTES_AT + SIZE_AT),
        answer.u32(ENTRY_ATTRIBUTES_AT + LINKS_AT));
  }

  /** Sends any request, which must succeed. */
  public FuseAnswer ok(FuseRequest request) throws InterruptedException {
    FuseAnswer answer = guest.call(request);
    if (answer.error() != 0) {
      throw new GuestError(answer.error());
    }
    return answer;
  }
}
