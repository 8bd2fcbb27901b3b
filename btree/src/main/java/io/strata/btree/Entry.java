package io.strata.btree;

/** A key and its value, copies of the tree's. */
@SuppressWarnings("ArrayRecordComponent") // a pair to take apart, never compared
public record Entry(byte[] key, byte[] value) {}
