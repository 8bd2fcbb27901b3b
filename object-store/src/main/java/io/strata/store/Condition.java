package io.strata.store;

/** What must hold for a put to take effect. */
public enum Condition {
  /** Nothing: an existing object is replaced. */
  NONE,
  /** No object has this key (HTTP {@code If-None-Match: *}). */
  ABSENT
}
