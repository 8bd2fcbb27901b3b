package io.strata.tests.store;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/**
 * Lets every host below {@code s3.strata.test} be this machine, as a wildcard in the DNS would: the
 * name of a bucket may be in the host. All other names are looked up as ever.
 */
public final class TestHosts extends InetAddressResolverProvider {
  static final String DOMAIN = "s3.strata.test";

  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver usual = configuration.builtinResolver();
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
          throws UnknownHostException {
        return host.equals(DOMAIN) || host.endsWith("." + DOMAIN)
            ? Stream.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}))
            : usual.lookupByName(host, policy);
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        return usual.lookupByAddress(address);
      }
    };
  }

  @Override
  public String name() {
    return "hosts of the tests";
  }
}
