package io.strata.fuse.server;

import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fuse.abi.Reply;
import io.strata.fuse.abi.XattrRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Answers requests about extended attributes. */
final class XattrOperations {
  private static final int NAME_BYTES_MAX = 255;
  private static final int VALUE_BYTES_MAX = 65536;

  /** Access control lists live here. They are not kept, and pretending would be worse. */
  private static final byte[] SYSTEM = "system.".getBytes(StandardCharsets.US_ASCII);

  private final FileSystem fileSystem;
  private final boolean offered;

  XattrOperations(FileSystem fileSystem, boolean offered) {
    this.fileSystem = fileSystem;
    this.offered = offered;
  }

  Reply answer(Call call, XattrRequest request) throws FsException {
    if (!offered) {
      throw new FsException(Errno.ENOSYS, "mounted without extended attributes");
    }
    return switch (request) {
      case XattrRequest.Get get -> {
        checkName(get.name());
        byte[] value = fileSystem.extendedAttribute(call.caller(), call.node(), get.name());
        if (value == null) {
          throw new FsException(Errno.ENODATA, "no such extended attribute");
        }
        yield fit(value, get.size());
      }
      case XattrRequest.ListNames list -> fit(names(call), list.size());
      case XattrRequest.Put put -> {
        checkName(put.name());
        if (put.value().length > VALUE_BYTES_MAX) {
          throw new FsException(Errno.E2BIG, "value of " + put.value().length + " bytes");
        }
        fileSystem.setExtendedAttribute(
            call.caller(), call.node(), put.name(), put.value(), put.flags());
        yield Reply.Done.DONE;
      }
      case XattrRequest.Remove remove -> {
        checkName(remove.name());
        fileSystem.removeExtendedAttribute(call.caller(), call.node(), remove.name());
        yield Reply.Done.DONE;
      }
    };
  }

  private static void checkName(byte[] name) throws FsException {
    if (name.length == 0 || name.length > NAME_BYTES_MAX) {
      throw new FsException(Errno.ERANGE, "attribute name of " + name.length + " bytes");
    }
    if (Arrays.mismatch(name, SYSTEM) == SYSTEM.length) {
      throw new FsException(Errno.EOPNOTSUPP, "system attributes are not kept");
    }
  }

  private byte[] names(Call call) throws FsException {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    for (byte[] name : fileSystem.extendedAttributes(call.caller(), call.node())) {
      names.writeBytes(name);
      names.write(0);
    }
    return names.toByteArray();
  }

  private static Reply fit(byte[] bytes, int size) throws FsException {
    if (size == 0) {
      return new Reply.XattrSize(bytes.length);
    }
    if (bytes.length > size) {
      throw new FsException(Errno.ERANGE, bytes.length + " bytes do not fit into " + size);
    }
    return new Reply.Bytes(bytes);
  }
}
