package io.strata.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {
  static Stream<CommandLine> commands() {
    return Commands.all();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasExamples(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();

    assertThat(command.getUsageMessage())
        .contains("Examples:")
        .containsPattern("Examples:\\R  (\\$ |mount |source <\\()?" + name);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyOptionIsDescribedInASentence(CommandLine command) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      assertThat(String.join(" ", option.description()))
          .as("%s %s", command.getCommandSpec().qualifiedName(), option.longestName())
          .endsWith(".");
    }
  }

  /** Several would be broken where the source is; the list of commands has the first alone. */
  @ParameterizedTest
  @MethodSource("commands")
  void everyDescriptionIsOneText(CommandLine command) {
    assertThat(command.getCommandSpec().usageMessage().description()).hasSize(1);
    for (OptionSpec option : command.getCommandSpec().options()) {
      assertThat(option.description()).as(option.longestName()).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void examplesOnlyUseOptionsThatExist(CommandLine command) {
    List<String> known =
        command.getCommandSpec().options().stream()
            .flatMap(option -> Arrays.stream(option.names()))
            .toList();
    String name = command.getCommandSpec().qualifiedName();

    for (String line : command.getCommandSpec().usageMessage().footer()) {
      if (line.startsWith("  " + name + " ")) {
        assertThat(optionsIn(line)).as(line).isSubsetOf(known);
      }
    }
  }

  private static List<String> optionsIn(String line) {
    return Pattern.compile("\\s+")
        .splitAsStream(line.replaceFirst("[|>].*", ""))
        .filter(word -> word.startsWith("--"))
        .map(word -> word.replaceFirst("=.*", ""))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void noLineIsTooLong(CommandLine command) {
    assertThat(command.getUsageMessage().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void helpIsPrintedAndIsNoFailure() {
    Run run = Run.of("version", "--help");

    assertThat(run.status()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).startsWith("strata version [OPTIONS]");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void helpTellsTheExitStatuses() {
    assertThat(Run.of("--help").out())
        .contains("Exit status:")
        .contains("  3   another daemon has the volume");
  }
}
