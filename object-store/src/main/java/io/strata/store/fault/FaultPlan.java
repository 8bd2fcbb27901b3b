package io.strata.store.fault;

import io.strata.store.Verb;
import java.util.random.RandomGenerator;

/** Decides what becomes of each request. */
@FunctionalInterface
public interface FaultPlan {
  /**
   * What becomes of {@code request}. Called in the requester's thread, once for each request in the
   * order of their numbers, one call at a time.
   */
  Fault decide(Request request);

  /**
   * A request.
   *
   * @param sequence its number, counted from 1
   * @param verb what is asked
   * @param key the object's key; of several to be deleted, the first ("" if none); for a list the
   *     prefix
   */
  record Request(long sequence, Verb verb, String key) {}

  /** Everything passes. */
  static FaultPlan none() {
    return request -> Fault.PASS;
  }

  /** The request with this number meets {@code fault}, all others pass. */
  static FaultPlan at(long sequence, Fault fault) {
    return request -> request.sequence() == sequence ? fault : Fault.PASS;
  }

  /**
   * Each request meets {@code fault} with this probability, drawn from {@code random}.
   *
   * @param probability 0 to 1
   */
  static FaultPlan sometimes(double probability, RandomGenerator random, Fault fault) {
    return request -> random.nextDouble() < probability ? fault : Fault.PASS;
  }
}
