package io.strata.tests.vmm;

/**
 * One buffer of a request, as a descriptor names it.
 *
 * @param address in guest memory
 * @param length in bytes
 * @param writable whether the device may write it, rather than read it
 */
public record Piece(long address, int length, boolean writable) {}
