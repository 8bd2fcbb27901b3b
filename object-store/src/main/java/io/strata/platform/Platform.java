package io.strata.platform;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What a process gets from its machine, gathered so that a test can replace it.
 *
 * @param clock time and timers
 * @param random jitter and tokens; never a source of security
 * @param workers runs short tasks that use the processor (compression, checksums): a few platform
 *     threads; tasks must not block
 * @param waiting runs tasks that wait for the store: a virtual thread each
 */
public record Platform(Clock clock, RandomGenerator random, Executor workers, Executor waiting) {}
