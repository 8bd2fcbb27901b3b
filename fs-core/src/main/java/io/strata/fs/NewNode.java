package io.strata.fs;

/**
 * What a new inode is to be.
 *
 * @param mode type and permission bits as {@code mknod(2)} takes them; the umask is applied already
 *     by whoever knows it
 * @param device {@code dev_t} in 32 bits for device nodes; otherwise 0
 */
public record NewNode(int mode, int device) {}
