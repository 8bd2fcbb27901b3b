package io.strata.tests.vmm;

/**
 * A chain that the device has given back.
 *
 * @param id what {@link DriverRing#offer} called it
 * @param written how many bytes the device says it wrote
 */
public record Used(int id, int written) {}
