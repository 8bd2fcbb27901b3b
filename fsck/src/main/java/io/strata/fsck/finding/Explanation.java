package io.strata.fsck.finding;

/**
 * What a finding says to people and programs.
 *
 * @param code the kind of finding in a few words with hyphens, the same for ever
 * @param what what is wrong, in one sentence without a full stop, naming object and file
 * @param means what that means for who uses the volume
 * @param remedy what to do about it
 * @param repair what a repair does about it, without a subject
 */
public record Explanation(String code, String what, String means, String remedy, String repair) {}
