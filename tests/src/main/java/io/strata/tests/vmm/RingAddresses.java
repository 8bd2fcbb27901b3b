package io.strata.tests.vmm;

/**
 * Where the three parts of a ring lie in guest memory, under the names that split rings give them.
 *
 * @param descriptors the table; of a packed ring, the ring itself
 * @param available what the driver writes; of a packed ring, its event suppression
 * @param used what the device writes; of a packed ring, its event suppression
 */
public record RingAddresses(long descriptors, long available, long used) {}
