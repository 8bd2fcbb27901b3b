package io.strata.vhost.protocol;

/**
 * Shared memory in which the requests in flight are written down.
 *
 * @param mmapBytes its length
 * @param mmapOffset where it begins in the descriptor's file
 * @param queues for how many queues it is, at most 65535
 * @param queueSize entries of each queue, at most 65535
 */
public record InflightDescription(long mmapBytes, long mmapOffset, int queues, int queueSize) {}
