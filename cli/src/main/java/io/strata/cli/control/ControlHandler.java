package io.strata.cli.control;

import io.strata.cli.output.JsonValue;

/** Answers requests; called by any number of threads at once. */
@FunctionalInterface
public interface ControlHandler {
  /**
   * Does what is asked and returns the reply, a JSON object.
   *
   * @throws Exception whose message becomes the {@code error} of the reply
   */
  JsonValue answer(ControlRequest request) throws Exception;
}
