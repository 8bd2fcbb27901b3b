package io.strata.fs.volume;

import java.time.Duration;

/**
 * How far a follower is behind, and what it has done.
 *
 * @param age how long ago what it shows was all that there was
 * @param ageMax how old that may be when an operation begins
 * @param position the next log entry, as epoch/sequence
 * @param baseHead number of the head whose tree it stands on
 * @param newestHead number of the newest head that it knows
 * @param waiting what it waits for; empty if for nothing but news
 * @param failing why it cannot see what is new; empty if it can
 * @param polls looks at the store for what is new
 * @param groups operations of the owner that it has applied
 * @param rebases how often it has moved to a newer head
 * @param inlineBytes memory for file data that only the log has
 */
public record FollowStatistics(
    Duration age,
    Duration ageMax,
    String position,
    long baseHead,
    long newestHead,
    String waiting,
    String failing,
    long polls,
    long groups,
    long rebases,
    long inlineBytes) {}
