package io.strata.btree;

/** Stand-in: a key and its value. */
@SuppressWarnings("ArrayRecordComponent") // a pair to take apart, never compared
public record Entry(byte[] key, byte[] value) {}
