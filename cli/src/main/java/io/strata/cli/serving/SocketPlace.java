package io.strata.cli.serving;

import java.nio.file.Path;

/** Where a front end connects. */
public sealed interface SocketPlace {
  /** A path on which this process listens. */
  record At(Path path) implements SocketPlace {}

  /** A socket that this process inherited; it listens, or is connected already. */
  record Inherited(int descriptor) implements SocketPlace {}
}
