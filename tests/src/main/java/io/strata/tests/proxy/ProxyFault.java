package io.strata.tests.proxy;

import java.util.Map;

/** What becomes of one request, besides that it may be late. */
public sealed interface ProxyFault {
  /** It passes. */
  ProxyFault PASS = new Pass();

  /** The connection is closed before anything is forwarded. */
  ProxyFault DROP = new Drop();

  /** It takes effect; instead of its reply comes the end of the connection. */
  ProxyFault LOSE_REPLY = new LoseReply();

  /** It is neither forwarded nor answered; the connection stays. */
  ProxyFault HANG = new Hang(false);

  /** It takes effect and is not answered; the connection stays. */
  ProxyFault HANG_AFTER = new Hang(true);

  /** It takes effect; the reply ends in the middle of its status line. */
  ProxyFault CUT_STATUS = new CutHead("HTTP/1.1 20");

  /** It takes effect; the reply ends in the middle of its headers. */
  ProxyFault CUT_HEADERS = new CutHead("HTTP/1.1 200 OK\r\nContent-Le");

  /** See {@link #PASS}. */
  record Pass() implements ProxyFault {}

  /** See {@link #DROP}. */
  record Drop() implements ProxyFault {}

  /** See {@link #LOSE_REPLY}. */
  record LoseReply() implements ProxyFault {}

  /**
   * No answer.
   *
   * @param forwarded whether the request takes effect
   */
  record Hang(boolean forwarded) implements ProxyFault {}

  /**
   * It takes effect; the connection ends after the beginning of a reply.
   *
   * @param sent all that arrives
   */
  record CutHead(String sent) implements ProxyFault {}

  /**
   * The reply ends in the middle of its body.
   *
   * @param bytes how much of the body arrives
   */
  record CutBody(long bytes) implements ProxyFault {}

  /**
   * The proxy answers in the server's place.
   *
   * @param forwarded whether the request takes effect first
   * @param status of HTTP
   * @param code in an error as S3 servers word it; "" for no body at all
   * @param headers of the answer, besides its length
   */
  record Answer(boolean forwarded, int status, String code, Map<String, String> headers)
      implements ProxyFault {
    public Answer {
      headers = Map.copyOf(headers);
    }
  }

  /**
   * It passes slowly, in both directions.
   *
   * @param bytesPerSecond of a body, more than zero
   */
  record Pace(long bytesPerSecond) implements ProxyFault {
    public Pace {
      if (bytesPerSecond < 1) {
        throw new IllegalArgumentException("no such pace: " + bytesPerSecond);
      }
    }
  }

  /** An error that the proxy answers without forwarding. */
  static ProxyFault answer(int status, String code) {
    return new Answer(false, status, code, Map.of());
  }

  /** An error that the proxy answers after the request took effect. */
  static ProxyFault answerAfter(int status, String code) {
    return new Answer(true, status, code, Map.of());
  }
}
