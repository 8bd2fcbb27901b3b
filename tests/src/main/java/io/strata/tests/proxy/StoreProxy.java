package io.strata.tests.proxy;

import io.strata.tests.proxy.ProxyPlan.Treatment;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The proxy as a command, {@code tests/store-proxy}. */
@Command(
    name = "store-proxy",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description =
        "Stands before an S3 server and makes it slow or unreliable. Prints its endpoint, then "
            + "runs until it is killed.",
    footer = {
      "",
      "  tests/store-proxy --delay 10ms --to http://127.0.0.1:7480",
      "  tests/store-proxy --to http://127.0.0.1:7480 --fault PUT:head/:0.1:lose",
    })
public final class StoreProxy implements Callable<Integer> {
  private static final Pattern TIME = Pattern.compile("(\\d+)(us|ms|s)");

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Default 127.0.0.1:0, any free port.")
  private String listen = "127.0.0.1:0";

  @Option(names = "--to", paramLabel = "URL", required = true, description = "http://host:port")
  private URI to = URI.create("");

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      converter = Time.class,
      description = "How late every request is: 0ms, 10ms, 1s.")
  private Duration delay = Duration.ZERO;

  @Option(
      names = "--fault",
      paramLabel = "METHOD:REGEX:SHARE:WHAT",
      converter = Chance.class,
      description = {
        "Of the requests whose target matches, this share (0 to 1) meets WHAT: drop, lose (the "
            + "reply), hang, 503 (or another status, not forwarded), 500+ (forwarded first), "
            + "pace=BYTES (a second). May be given again; the first that strikes counts."
      })
  private List<Chance> faults = new ArrayList<>();

  /** Which share of which requests meets which fault. */
  private record Chance(String method, Pattern target, double share, ProxyFault fault)
      implements ITypeConverter<Chance> {
    // For picocli, which makes its converters itself.
    Chance() {
      this("", Pattern.compile(""), 0, ProxyFault.PASS);
    }

    @Override
    public Chance convert(String text) {
      String[] parts = text.split(":", -1);
      if (parts.length != 4) {
        throw new CommandLine.TypeConversionException("write METHOD:REGEX:SHARE:WHAT");
      }
      return new Chance(
          parts[0], Pattern.compile(parts[1]), Double.parseDouble(parts[2]), what(parts[3]));
    }

    private static ProxyFault what(String word) {
      return switch (word) {
        case "drop" -> ProxyFault.DROP;
        case "lose" -> ProxyFault.LOSE_REPLY;
        case "hang" -> ProxyFault.HANG;
        default -> {
          if (word.startsWith("pace=")) {
            yield new ProxyFault.Pace(Long.parseLong(word.substring(5)));
          }
          boolean forwarded = word.endsWith("+");
          int status = Integer.parseInt(forwarded ? word.substring(0, word.length() - 1) : word);
          String code = status == 503 ? "SlowDown" : "InternalError";
          yield forwarded ? ProxyFault.answerAfter(status, code) : ProxyFault.answer(status, code);
        }
      };
    }
  }

  private static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      Matcher time = TIME.matcher(text);
      if (!time.matches()) {
        throw new CommandLine.TypeConversionException("write a time like 10ms");
      }
      long number = Long.parseLong(time.group(1));
      return switch (time.group(2)) {
        case "us" -> Duration.ofNanos(number * 1000);
        case "ms" -> Duration.ofMillis(number);
        default -> Duration.ofSeconds(number);
      };
    }
  }

  /** Runs the command. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new StoreProxy()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    int colon = listen.lastIndexOf(':');
    InetSocketAddress address =
        new InetSocketAddress(
            listen.substring(0, Math.max(0, colon)), Integer.parseInt(listen.substring(colon + 1)));
    SplittableRandom dice = new SplittableRandom();
    try (FaultProxy proxy = FaultProxy.start(address, to, request -> decide(request, dice))) {
      System.out.println(proxy.endpoint());
      Thread.sleep(Duration.ofDays(365_000));
    }
    return 0;
  }

  private synchronized Treatment decide(ProxyRequest request, SplittableRandom dice) {
    for (Chance chance : faults) {
      if (chance.method().equals(request.method())
          && chance.target().matcher(request.target()).find()
          && dice.nextDouble() < chance.share()) {
        return new Treatment(delay, chance.fault());
      }
    }
    return new Treatment(delay, ProxyFault.PASS);
  }
}
