package io.strata.vhost.protocol;

/**
 * A piece of guest memory that a descriptor gives access to.
 *
 * @param guestAddress where the guest sees it
 * @param byteSize its length
 * @param userAddress where the front end has it in its own address space
 * @param mmapOffset where it begins in the descriptor's file
 */
public record RegionDescription(
    long guestAddress, long byteSize, long userAddress, long mmapOffset) {}
