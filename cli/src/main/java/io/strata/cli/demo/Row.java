package io.strata.cli.demo;

/**
 * A line of the closing table.
 *
 * @param step what was done
 * @param work how much
 * @param seconds how long it took
 * @param requests what the store was asked meanwhile
 */
record Row(String step, Step.Work work, double seconds, Requests requests) {}
