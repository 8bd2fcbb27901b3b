package io.strata.store.s3;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.strata.store.StoreException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.TlsTrustManagersProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;

/** The SDK's client, set up as {@link S3Store} needs it. Safe for use by any thread. */
final class S3Client implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
  // With two loops the SDK's pool now and then loses a refused connection, which then shows only
  // when the wait for it times out (9 of 80 on 2.42.41; none of 120 with four or more).
  private static final int EVENT_LOOPS_MIN = 4;
  // What servers other than AWS call theirs if nobody has told them otherwise.
  private static final Region USUAL_REGION = Region.US_EAST_1;
  // All that happens on completion is waking a caller up; no thread is needed for that.
  private static final SdkAdvancedAsyncClientOption<Executor> COMPLETION =
      SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR;

  private final S3AsyncClient requests;
  private final EventLoopGroup eventLoops;

  private S3Client(S3AsyncClient requests, EventLoopGroup eventLoops) {
    this.requests = requests;
    this.eventLoops = eventLoops;
  }

  /**
   * A client for a location.
   *
   * @throws StoreException.Refused if there are no credentials, no region, or no certificates where
   *     they should be
   */
  static S3Client open(S3Location location, S3Settings settings) throws StoreException {
    Region region = region(location);
    AwsCredentialsProvider credentials = credentials();
    TlsTrustManagersProvider trust = Authorities.from(settings.authorities());
    EventLoopGroup eventLoops =
        new NioEventLoopGroup(
            Math.max(EVENT_LOOPS_MIN, Runtime.getRuntime().availableProcessors()),
            new DefaultThreadFactory("strata-s3", true));
    S3AsyncClientBuilder builder =
        S3AsyncClient.builder()
            .credentialsProvider(credentials)
            .region(region)
            .forcePathStyle(location.pathStyle())
            // The default checksums fail on servers other than AWS, and the frame has its own.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            // Asking for leave costs a round trip; S3Store does so where it pays.
            .serviceConfiguration(s3 -> s3.expectContinueEnabled(false))
            .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .asyncConfiguration(a -> a.advancedOption(COMPLETION, Runnable::run))
            .httpClientBuilder(http(settings, trust, eventLoops));
    if (location.endpoint() != null) {
      builder.endpointOverride(location.endpoint());
    }
    return new S3Client(builder.build(), eventLoops);
  }

  /** Where to send requests. */
  S3AsyncClient requests() {
    return requests;
  }

  /** Ends all connections. Does not wait for the threads, which are daemons. */
  @Override
  public void close() {
    // Half-closed is worse than late: an interrupt must not keep the SDK from closing.
    boolean interrupted = Thread.interrupted();
    requests.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    // Loops of the SDK's own would make the caller wait until they have been quiet for seconds.
    Future<?> _ = eventLoops.shutdownGracefully(1, 5, TimeUnit.SECONDS);
  }

  private static NettyNioAsyncHttpClient.Builder http(
      S3Settings settings, @Nullable TlsTrustManagersProvider trust, EventLoopGroup eventLoops) {
    NettyNioAsyncHttpClient.Builder http = NettyNioAsyncHttpClient.builder();
    if (trust != null) {
      http.tlsTrustManagersProvider(trust);
    }
    return http.eventLoopGroup(SdkEventLoopGroup.create(eventLoops, NioSocketChannel::new))
        .maxConcurrency(settings.connectionsMax())
        .maxPendingConnectionAcquires(settings.connectionsMax())
        .connectionTimeout(CONNECT_MAX)
        .tlsNegotiationTimeout(CONNECT_MAX)
        .connectionAcquisitionTimeout(CONNECT_MAX.multipliedBy(2))
        .connectionMaxIdleTime(settings.idleMax())
        // S3Calls gives up earlier, and by what it sees of a request.
        .readTimeout(Progress.limitMax(settings.silenceMax()).multipliedBy(2))
        .writeTimeout(Progress.limitMax(settings.silenceMax()).multipliedBy(2))
        .tcpKeepAlive(true);
  }

  private static Region region(S3Location location) throws StoreException {
    if (location.region() != null) {
      return Region.of(location.region());
    }
    try {
      return regions(location).getRegion();
    } catch (SdkClientException e) {
      if (location.endpoint() != null) {
        return USUAL_REGION;
      }
      throw new StoreException.Refused(
          location + ": which region? Add ?region=… to the URL or set AWS_REGION", e);
    }
  }

  private static AwsRegionProvider regions(S3Location location) {
    return location.endpoint() == null
        ? DefaultAwsRegionProviderChain.builder().build()
        // Without a look at the machine's metadata service: this is not AWS.
        : new AwsRegionProviderChain(
            new SystemSettingsRegionProvider(), new AwsProfileRegionProvider());
  }

  private static AwsCredentialsProvider credentials() throws StoreException {
    AwsCredentialsProvider chain = DefaultCredentialsProvider.builder().build();
    try {
      chain.resolveCredentials();
      return chain;
    } catch (SdkClientException e) {
      throw new StoreException.Refused(
          "no S3 credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,"
              + " or AWS_PROFILE for one in ~/.aws/credentials",
          e);
    }
  }
}
