package io.strata.tests.store;

import io.strata.store.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tables of docs/uncertain-answers.md. */
final class AnswerTable {
  private static final Path DOCUMENT = Path.of("..", "docs", "uncertain-answers.md");
  private static final Pattern COUNT = Pattern.compile("(\\d+) ([A-Z]+)");

  private AnswerTable() {}

  /**
   * What becomes of one request.
   *
   * @param effective whether it takes effect
   * @param answer "lost", "reply lost", "silence", "half a head", "half a body", or a status
   */
  record Step(Verb verb, boolean effective, String answer) {
    static Step of(String text) {
      int space = text.indexOf(' ');
      Verb verb = Verb.valueOf(text.substring(0, space));
      String rest = text.substring(space + 1);
      boolean stored = rest.startsWith("stored, ");
      String answer = stored ? rest.substring("stored, ".length()) : rest;
      // A reply of the server's own is cut off after it has served the request.
      return new Step(verb, stored || answer.startsWith("half"), answer);
    }

    /** The status that is answered, or 0 if none is. */
    int status() {
      return answer.matches("\\d+") ? Integer.parseInt(answer) : 0;
    }
  }

  /**
   * A row.
   *
   * @param subject what is there before, or what is asked
   * @param steps what becomes of the first requests
   * @param end what must come of it
   * @param requests how many there must be
   */
  record Row(
      int number, String subject, List<Step> steps, String end, Map<Verb, Integer> requests) {
    private static Row of(List<String> cells) {
      List<Step> steps = new ArrayList<>();
      for (String step : cells.get(2).split("·", -1)) {
        if (!step.isBlank()) {
          steps.add(Step.of(step.strip()));
        }
      }
      Map<Verb, Integer> requests = new EnumMap<>(Verb.class);
      Matcher count = COUNT.matcher(cells.get(4));
      while (count.find()) {
        requests.put(Verb.valueOf(count.group(2)), Integer.parseInt(count.group(1)));
      }
      return new Row(Integer.parseInt(cells.get(0)), cells.get(1), steps, cells.get(3), requests);
    }

    @Override
    public String toString() {
      return number + " " + subject + " " + steps;
    }
  }

  /** All rows, of both tables. */
  static List<Row> rows() throws IOException {
    try (Stream<String> lines = Files.lines(DOCUMENT)) {
      return lines
          .filter(line -> line.matches("\\| \\d+ \\|.*"))
          .map(line -> Arrays.stream(line.substring(1).split("\\|", -1)).map(String::strip))
          .map(cells -> Row.of(cells.toList()))
          .toList();
    }
  }
}
