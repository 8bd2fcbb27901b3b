package io.strata.store;

import io.strata.platform.Platform;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Sends requests to the store ahead of their use, a few at a time, and uses the answers in order.
 */
public final class Ahead {
  private Ahead() {}

  /** A request for something. Runs on a thread of its own. */
  @FunctionalInterface
  public interface Request<T, R> {
    R send(T subject) throws StoreException;
  }

  /** What is done with an answer, in the caller's thread. */
  @FunctionalInterface
  public interface Use<T, R> {
    void take(T subject, R answer) throws StoreException, InterruptedException;
  }

  private record Sent<T, R>(T subject, FutureTask<R> answer) {}

  /**
   * Asks for each subject and uses each answer.
   *
   * @param width requests under way and answers waiting at any time, at least 1
   * @throws StoreException as the first request that failed, in order, threw it
   */
  public static <T, R> void each(
      Platform platform, Iterator<T> subjects, int width, Request<T, R> request, Use<T, R> use)
      throws StoreException, InterruptedException {
    Queue<Sent<T, R>> sent = new ArrayDeque<>(width);
    try {
      while (true) {
        while (sent.size() < width && subjects.hasNext()) {
          T subject = subjects.next();
          FutureTask<R> answer = new FutureTask<>(() -> request.send(subject));
          sent.add(new Sent<>(subject, answer));
          platform.waiting().execute(answer);
        }
        Sent<T, R> first = sent.poll();
        if (first == null) {
          return;
        }
        use.take(first.subject(), answer(first.answer()));
      }
    } finally {
      sent.forEach(rest -> rest.answer().cancel(true));
    }
  }

  private static <R> R answer(FutureTask<R> task) throws StoreException, InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case StoreException failed -> throw failed;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException("a request ended badly", e);
      }
    }
  }
}
