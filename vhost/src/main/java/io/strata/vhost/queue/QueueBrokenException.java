package io.strata.vhost.queue;

/**
 * A driver broke the rules of its queue, or the memory behind it is gone: the queue serves no more
 * until it is set up anew. Other queues are not affected.
 */
public final class QueueBrokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** {@code message} says which rule, with the numbers that broke it. */
  public QueueBrokenException(String message) {
    super(message);
  }

  /** The message of {@code cause} says it. */
  public QueueBrokenException(Exception cause) {
    super(cause.getMessage(), cause);
  }

  /** The same with what lies behind it. */
  public QueueBrokenException(String message, Throwable cause) {
    super(message, cause);
  }
}
