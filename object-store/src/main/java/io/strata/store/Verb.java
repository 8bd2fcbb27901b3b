package io.strata.store;

/** The requests that a store answers. */
public enum Verb {
  /** {@link ObjectStore#put}. */
  PUT,
  /** {@link ObjectStore#get}. */
  GET,
  /** {@link ObjectStore#head}. */
  HEAD,
  /** {@link ObjectStore#delete}. */
  DELETE,
  /** {@link ObjectStore#list}. */
  LIST
}
