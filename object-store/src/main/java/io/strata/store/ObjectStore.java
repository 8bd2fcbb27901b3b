package io.strata.store;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;

/**
 * A bucket, or a folder of one: whole immutable objects under keys.
 *
 * <p>Every method blocks until the store has answered; call it on a virtual thread. Implementations
 * are safe for use by any number of threads and must hold to this:
 *
 * <ul>
 *   <li>a put is atomic: a reader sees the whole object or none of it, also after power loss;
 *   <li>what a put that returned has written is seen at once by every get, head and list;
 *   <li>of any number of concurrent {@link Condition#ABSENT} puts of one key exactly one returns;
 *   <li>a call that throws {@link StoreException.Unavailable} may or may not have taken effect;
 *       every other outcome is certain.
 * </ul>
 */
public interface ObjectStore extends AutoCloseable {
  /**
   * Stores an object.
   *
   * @throws StoreException.Exists if {@code condition} is {@link Condition#ABSENT} and there is one
   */
  void put(ObjectKey key, Body body, Condition condition) throws StoreException;

  /**
   * Reads a part of an object. The buffer is the caller's own, positioned at its first byte. A
   * range that reaches past the end yields what is there, possibly nothing.
   *
   * @throws StoreException.Missing if there is no such object
   */
  ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException;

  /**
   * Reads a part of an object as {@link #get(ObjectKey, ByteRange)} does, and hands its bytes over
   * while they come. Unless it throws, all have come when it returns. A store that has no way to do so
   * hands them over together.
   *
   * @throws StoreException.Missing if there is no such object
   */
  default void get(ObjectKey key, ByteRange range, Receiver receiver) throws StoreException {
    ByteBuffer bytes = get(key, range);
    receiver.begin(bytes.remaining()).take(bytes);
  }

  /** The object's length in bytes, or empty if there is none. */
  Optional<Long> head(ObjectKey key) throws StoreException;

  /** Deletes objects. An absent one is no error. */
  void delete(Collection<ObjectKey> keys) throws StoreException;

  /**
   * Lists keys in ascending order of their UTF-8 bytes.
   *
   * @param prefix what the keys start with, possibly empty
   * @param after keys up to and including this one are left out; empty for none
   * @param keysMax 1 to 1000
   */
  ListPage list(String prefix, String after, int keysMax) throws StoreException;

  /**
   * The store at another place of the same bucket. It shares this one's connections, and its
   * requests are treated as this one's are; whoever closes this one has closed it too, and nobody
   * closes it by itself. No request is sent.
   *
   * @throws StoreException.Refused if there can be none
   */
  ObjectStore elsewhere(Place place) throws StoreException;

  /** Where this store is, as a person would write it, without secrets. */
  String location();

  @Override
  void close();
}
