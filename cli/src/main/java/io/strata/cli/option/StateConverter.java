package io.strata.cli.option;

import io.strata.fs.volume.StatePoint;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a state that a volume was in. */
public final class StateConverter implements ITypeConverter<StatePoint> {
  @Override
  public StatePoint convert(String text) {
    try {
      return StatePoint.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
