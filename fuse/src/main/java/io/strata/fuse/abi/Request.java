package io.strata.fuse.abi;

/**
 * One request, decoded. What it is about stands in its {@link RequestHeader}; flags are the
 * kernel's, their names in {@link Flags}.
 */
public sealed interface Request
    permits EntryRequest,
        NodeRequest,
        FileRequest,
        LockRequest,
        DirectoryRequest,
        XattrRequest,
        SessionRequest,
        Request.Unsupported {
  /** An operation that is known and not offered. */
  record Unsupported(Opcode opcode) implements Request {}
}
