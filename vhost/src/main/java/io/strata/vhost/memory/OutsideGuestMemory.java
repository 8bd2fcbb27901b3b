package io.strata.vhost.memory;

/** An address or length that leaves guest memory. */
public final class OutsideGuestMemory extends Exception {
  private static final long serialVersionUID = 1L;

  OutsideGuestMemory(String kind, long address, long length) {
    super(
        "%s bytes at %s address 0x%x are not all in guest memory"
            .formatted(Long.toUnsignedString(length), kind, address));
  }
}
