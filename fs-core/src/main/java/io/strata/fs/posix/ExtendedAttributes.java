package io.strata.fs.posix;

import io.strata.fs.Caller;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.Xattrs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Extended attributes: {@code user.}, {@code trusted.}, {@code security.} and the access control
 * lists of {@code system.}, all of which are bytes without meaning here.
 */
final class ExtendedAttributes {
  private static final int CREATE = 1;
  private static final int REPLACE = 2;

  /** What {@code listxattr(2)} can answer: the names of an inode, each with a zero byte. */
  private static final int LIST_BYTES_MAX = 65_536;

  private static final List<String> NAMESPACES = List.of("user.", "trusted.", "security.");
  private static final List<String> SYSTEM_NAMES =
      List.of("system.posix_acl_access", "system.posix_acl_default");

  private final Engine engine;

  ExtendedAttributes(Engine engine) {
    this.engine = engine;
  }

  byte @Nullable [] get(Caller caller, Ino ino, byte[] name) throws FsException {
    ByteString key = name(name);
    ByteString value =
        engine
            .read(
                caller,
                metadata -> {
                  Tree tree = new Tree(metadata);
                  tree.inode(ino);
                  return Optional.ofNullable(tree.xattr(ino, key));
                })
            .orElse(null);
    return value == null ? null : value.toBytes();
  }

  List<byte[]> list(Caller caller, Ino ino) throws FsException {
    List<ByteString> names =
        engine.read(
            caller,
            metadata -> {
              Tree tree = new Tree(metadata);
              tree.inode(ino);
              return tree.xattrNames(ino, Integer.MAX_VALUE);
            });
    List<byte[]> copies = new ArrayList<>();
    names.forEach(name -> copies.add(name.toBytes()));
    return copies;
  }

  void set(Caller caller, Ino ino, byte[] name, byte[] value, int flags) throws FsException {
    ByteString key = name(name);
    if (value.length > Xattrs.VALUE_BYTES_MAX) {
      throw new FsException(Errno.E2BIG, "an attribute of " + value.length + " bytes");
    }
    if ((flags & ~(CREATE | REPLACE)) != 0 || flags == (CREATE | REPLACE)) {
      throw new FsException(Errno.EINVAL, "no such flags: " + flags);
    }
    ByteString content = ByteString.of(value);
    engine.write(
        caller,
        (metadata, now) -> {
          Edit edit = new Edit(metadata, now);
          Inode inode = edit.inode(ino);
          boolean there = edit.tree().xattr(ino, key) != null;
          if (there && flags == CREATE) {
            throw new FsException(Errno.EEXIST, "inode " + ino + " has that attribute");
          }
          if (!there) {
            if (flags == REPLACE) {
              throw missing(ino);
            }
            requireListable(edit.tree(), ino, key);
          }
          edit.add(new Mutation.XattrPut(ino, key, content));
          edit.put(ino, inode.changedAt(now));
          return edit.change(true);
        });
  }

  void remove(Caller caller, Ino ino, byte[] name) throws FsException {
    ByteString key = name(name);
    engine.write(
        caller,
        (metadata, now) -> {
          Edit edit = new Edit(metadata, now);
          Inode inode = edit.inode(ino);
          if (edit.tree().xattr(ino, key) == null) {
            throw missing(ino);
          }
          edit.add(new Mutation.XattrDelete(ino, key));
          edit.put(ino, inode.changedAt(now));
          return edit.change(true);
        });
  }

  private static void requireListable(Tree tree, Ino ino, ByteString more)
      throws PageMissing, FsException {
    int bytes = more.length() + 1;
    for (ByteString name : tree.xattrNames(ino, Integer.MAX_VALUE)) {
      bytes += name.length() + 1;
    }
    if (bytes > LIST_BYTES_MAX) {
      throw new FsException(Errno.ENOSPC, "inode " + ino + " has too many attributes");
    }
  }

  private static ByteString name(byte[] bytes) throws FsException {
    if (bytes.length == 0 || bytes.length > Xattrs.NAME_BYTES_MAX) {
      throw new FsException(Errno.ERANGE, "an attribute's name of " + bytes.length + " bytes");
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    boolean known =
        SYSTEM_NAMES.contains(text)
            || NAMESPACES.stream()
                .anyMatch(space -> text.startsWith(space) && text.length() > space.length());
    if (!known || text.indexOf(0) >= 0) {
      throw new FsException(Errno.EOPNOTSUPP, "no attributes are named so: " + text);
    }
    return ByteString.of(bytes);
  }

  private static FsException missing(Ino ino) {
    return new FsException(Errno.ENODATA, "inode " + ino + " has no such attribute");
  }
}
