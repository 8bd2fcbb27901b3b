package io.strata.fs.schema;

import io.strata.store.Nonce;
import org.jspecify.annotations.Nullable;

/**
 * One change of the tree: an entry put or deleted. Whatever changes a volume is a list of these, a
 * <em>group</em>, applied wholly or not at all ({@link MutationCodec}).
 */
public sealed interface Mutation {
  /** The key in the tree. */
  byte[] key();

  /** The value to put; null to delete. */
  byte @Nullable [] value();

  /** A mutation that stores an entry, replacing any with its key. */
  sealed interface Put extends Mutation {
    @Override
    byte[] value();
  }

  /** A mutation that removes an entry. */
  sealed interface Delete extends Mutation {
    @Override
    default byte @Nullable [] value() {
      return null;
    }
  }

  /** The mutation that stores the entry {@code key} and {@code value} of a tree. */
  static Put ofEntry(byte[] key, byte[] value) throws MalformedRecord {
    return EntryCodec.decode(key, value);
  }

  /** Stores an inode. */
  record InodePut(Ino ino, Inode inode) implements Put {
    @Override
    public byte[] key() {
      return TreeKeys.inode(ino);
    }

    @Override
    public byte[] value() {
      return inode.encode();
    }
  }

  /** Removes an inode. */
  record InodeDelete(Ino ino) implements Delete {
    @Override
    public byte[] key() {
      return TreeKeys.inode(ino);
    }
  }

  /** Stores an extended attribute; the name has 1 to {@link Xattrs#NAME_BYTES_MAX} bytes. */
  record XattrPut(Ino ino, ByteString name, ByteString content) implements Put {
    public XattrPut {
      requireXattrName(name);
      if (content.length() > Xattrs.VALUE_BYTES_MAX) {
        throw new IllegalArgumentException("no such attribute: " + content.length() + " bytes");
      }
    }

    @Override
    public byte[] key() {
      return TreeKeys.xattr(ino, name);
    }

    @Override
    public byte[] value() {
      return Xattrs.encodeValue(content);
    }
  }

  /** Removes an extended attribute. */
  record XattrDelete(Ino ino, ByteString name) implements Delete {
    public XattrDelete {
      requireXattrName(name);
    }

    @Override
    public byte[] key() {
      return TreeKeys.xattr(ino, name);
    }
  }

  /** Gives {@code entry.child()} a name in a directory. */
  record DentryPut(Ino parent, FileName name, Dentry entry) implements Put {
    @Override
    public byte[] key() {
      return TreeKeys.dentry(parent, name);
    }

    @Override
    public byte[] value() {
      return entry.encode();
    }
  }

  /** Removes a name from a directory. */
  record DentryDelete(Ino parent, FileName name) implements Delete {
    @Override
    public byte[] key() {
      return TreeKeys.dentry(parent, name);
    }
  }

  /** Stores an extent, replacing the one that began at the same offset. */
  record ExtentPut(Ino ino, Extent extent) implements Put {
    @Override
    public byte[] key() {
      return TreeKeys.extent(ino, extent.fileOffset());
    }

    @Override
    public byte[] value() {
      return extent.encode();
    }
  }

  /** Removes the extent that begins at {@code fileOffset}. */
  record ExtentDelete(Ino ino, long fileOffset) implements Delete {
    public ExtentDelete {
      if (fileOffset < 0) {
        throw new IllegalArgumentException("no such file offset: " + fileOffset);
      }
    }

    @Override
    public byte[] key() {
      return TreeKeys.extent(ino, fileOffset);
    }
  }

  /** Marks an inode that has no names any more and must be removed. */
  record OrphanPut(Ino ino) implements Put {
    @Override
    public byte[] key() {
      return TreeKeys.orphan(ino);
    }

    @Override
    public byte[] value() {
      return EntryCodec.presence();
    }
  }

  /** Removes an orphan's mark. */
  record OrphanDelete(Ino ino) implements Delete {
    @Override
    public byte[] key() {
      return TreeKeys.orphan(ino);
    }
  }

  /** Stores what is known of a segment. */
  record SegmentPut(Nonce nonce, SegmentRecord segment) implements Put {
    @Override
    public byte[] key() {
      return TreeKeys.segment(nonce);
    }

    @Override
    public byte[] value() {
      return segment.encode();
    }
  }

  /** Forgets a segment. */
  record SegmentDelete(Nonce nonce) implements Delete {
    @Override
    public byte[] key() {
      return TreeKeys.segment(nonce);
    }
  }

  /** Stores how many bytes of a segment are live, at least 0. */
  record SegmentLivePut(Nonce nonce, long liveBytes) implements Put {
    public SegmentLivePut {
      if (liveBytes < 0) {
        throw new IllegalArgumentException("live bytes of " + nonce + " below 0: " + liveBytes);
      }
    }

    @Override
    public byte[] key() {
      return TreeKeys.segmentLive(nonce);
    }

    @Override
    public byte[] value() {
      return EntryCodec.count(liveBytes);
    }
  }

  /** Forgets a segment's live bytes. */
  record SegmentLiveDelete(Nonce nonce) implements Delete {
    @Override
    public byte[] key() {
      return TreeKeys.segmentLive(nonce);
    }
  }

  /** Stores what is known of a pack. */
  record PackPut(Nonce nonce, PackRecord pack) implements Put {
    @Override
    public byte[] key() {
      return TreeKeys.pack(nonce);
    }

    @Override
    public byte[] value() {
      return pack.encode();
    }
  }

  /** Forgets a pack. */
  record PackDelete(Nonce nonce) implements Delete {
    @Override
    public byte[] key() {
      return TreeKeys.pack(nonce);
    }
  }

  /** Notes an object that is to be deleted. */
  record DeadPut(DeadObject object) implements Put {
    @Override
    public byte[] key() {
      return TreeKeys.dead(object.deathHead(), object.kind(), object.nonce());
    }

    @Override
    public byte[] value() {
      return object.encode();
    }
  }

  /** Forgets an object that was deleted. */
  record DeadDelete(long deathHead, DeadObject.Kind kind, Nonce nonce) implements Delete {
    public DeadDelete {
      if (deathHead < 0) {
        throw new IllegalArgumentException("no such head: " + deathHead);
      }
    }

    @Override
    public byte[] key() {
      return TreeKeys.dead(deathHead, kind, nonce);
    }
  }

  private static void requireXattrName(ByteString name) {
    if (name.length() < 1 || name.length() > Xattrs.NAME_BYTES_MAX) {
      throw new IllegalArgumentException("no such attribute name: " + name);
    }
  }
}
