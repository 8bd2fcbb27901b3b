package io.strata.checkpoint.format;

import java.util.UUID;

/**
 * Who owns a volume, precisely enough to tell on the same machine whether that process still lives.
 *
 * @param host the machine's name
 * @param bootId what tells one run of the machine from the next, empty if unknown
 * @param pid the process
 * @param pidStartTime when the process started, in the machine's own unit: with {@code pid} and
 *     {@code bootId} it names a process for ever; 0 if unknown
 * @param token random, made anew by every process that opens a volume: makes its heads unlike
 *     anybody else's
 * @param text the owner as a person would write it
 */
public record Owner(
    String host, String bootId, long pid, long pidStartTime, UUID token, String text) {}
