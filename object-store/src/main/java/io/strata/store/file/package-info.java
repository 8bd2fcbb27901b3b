/**
 * A folder as a bucket. Start at {@link io.strata.store.file.FileStore}.
 *
 * <p>An object is a file whose path under the root is its key. What makes a put atomic and lasting:
 *
 * <ol>
 *   <li>the bytes go to a file in the folder {@code .tmp~} (no key can be called so), fsync;
 *   <li>link(2) to the object's name, which fails if there is one already, or rename(2) where
 *       replacing is allowed: the object appears, whole;
 *   <li>fsync of the folder that holds the name. Only then the put returns.
 * </ol>
 *
 * <p>Several processes may work on one folder at once: link(2) decides races between them as well.
 *
 * <p>What was seen must not be gone after a power loss. Between steps 2 and 3 an object can be seen
 * that could be lost, so a process syncs each folder once when it first meets it (what a dead
 * writer left between the steps becomes lasting), and syncs again before it says that a name is
 * taken. An object that a living writer put a moment ago can still be read and lost if the power
 * fails in the same moment; its put had not returned.
 *
 * <p>Folders are never removed: a writer could be about to link into one. A name cannot be an
 * object and a folder of objects at once ({@code a} and {@code a/b}); such a put is refused.
 */
@NullMarked
package io.strata.store.file;

import org.jspecify.annotations.NullMarked;
