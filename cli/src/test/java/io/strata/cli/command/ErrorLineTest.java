package io.strata.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ErrorLineTest {
  @Test
  void aFailureSaysItsMessage() {
    assertThat(ErrorLine.of(new Failure(ExitStatus.IN_USE, "somebody has it")))
        .isEqualTo(new ErrorLine("somebody has it", ExitStatus.IN_USE));
  }

  @Test
  void theStoresFailuresHaveTheirOwnStatus() {
    assertThat(ErrorLine.of(new StoreException.Unavailable("no answer", null)).status())
        .isEqualTo(ExitStatus.STORE);
    assertThat(ErrorLine.of(new StoreException.Refused("no such bucket", null)).status())
        .isEqualTo(ExitStatus.STORE);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(ErrorLine.of(new NoSuchFileException("/x")).text()).isEqualTo("no such file: /x");
  }

  @Test
  void manyLinesBecomeOne() {
    assertThat(ErrorLine.of(new IOException("first\n  second\r\nthird")).text())
        .isEqualTo("first second third");
  }

  @Test
  void anUnexpectedExceptionSaysSo() {
    assertThat(ErrorLine.of(new IllegalStateException("oops")).text())
        .startsWith("internal error: java.lang.IllegalStateException: oops");
  }
}
