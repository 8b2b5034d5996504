package io.contractbuilder.registry;

import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.registry.AddressGuard.ForbiddenAddress;
import io.contractbuilder.registry.Proxies.Proxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.RouteInfo.LayerType;
import org.apache.hc.client5.http.RouteInfo.TunnelType;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Ways to registries through a proxy, for which the address guard holds as well. A proxy would look
 * a name up itself, and might find another address than was checked: so, for what a stranger names,
 * it is told the checked address. Only what is allowed by its name, or is named by an operator, is
 * given to it by name.
 */
final class ProxyRoutes implements HttpRoutePlanner {
  private final RegistryAccess access;
  private final AddressGuard guard;
  private final AddressGuard.Lookup lookup;
  private final HttpRoutePlanner direct =
      new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE);

  ProxyRoutes(RegistryAccess access, AddressGuard guard, AddressGuard.Lookup lookup) {
    this.access = access;
    this.guard = guard;
    this.lookup = lookup;
  }

  /** That a proxy did not do what it was asked for. */
  static final class ProxyFailure extends IOException {
    ProxyFailure(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The proxies' users. */
  static CredentialsProvider credentials(Proxies proxies) {
    BasicCredentialsProvider all = new BasicCredentialsProvider();
    add(all, proxies.https());
    add(all, proxies.http());
    return all;
  }

  private static void add(BasicCredentialsProvider all, @Nullable Proxy proxy) {
    RegistryCredentials secret = proxy == null ? null : proxy.credentials();
    if (proxy != null && secret != null) {
      all.setCredentials(
          new AuthScope(proxy.host(), proxy.port()),
          new UsernamePasswordCredentials(secret.user(), secret.password().reveal().toCharArray()));
    }
  }

  /** What a host is reached through; null: it is connected to directly. */
  @Nullable Proxy proxy(HttpHost target) {
    Proxy proxy = access.proxies().of(isTls(target), name(target), port(target));
    // Without TLS, a proxy is told no address.
    boolean named = isTls(target) || access.allowed().allowsName(name(target), port(target));
    return named ? proxy : null;
  }

  private static boolean isTls(HttpHost target) {
    return "https".equalsIgnoreCase(target.getSchemeName());
  }

  private static int port(HttpHost target) {
    return target.getPort() >= 0 ? target.getPort() : isTls(target) ? 443 : 80;
  }

  private static String name(HttpHost target) {
    return WebAddress.withoutBrackets(target.getHostName());
  }

  @Override
  public HttpRoute determineRoute(HttpHost target, HttpContext context) throws HttpException {
    boolean tls = isTls(target);
    int port = port(target);
    String name = name(target);
    Proxy proxy = proxy(target);
    if (proxy == null) {
      return direct.determineRoute(target, context);
    }
    boolean allowed = access.allowed().allowsName(name, port);
    try {
      HttpHost by = new HttpHost("http", address(proxy), proxy.host(), proxy.port());
      HttpHost named = new HttpHost(target.getSchemeName(), name, port);
      InetAddress checked = allowed ? null : checked(name, port);
      if (checked == null || access.byOperator()) {
        return new HttpRoute(named, null, by, tls);
      }
      HttpHost address = new HttpHost("https", checked.getHostAddress(), port);
      return new HttpRoute(
          address, named, null, new HttpHost[] {by}, true, TunnelType.TUNNELLED, LayerType.LAYERED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InetAddress address(Proxy proxy) throws ProxyFailure {
    try {
      return lookup.lookup(proxy.host())[0];
    } catch (UnknownHostException e) {
      throw new ProxyFailure("its proxy " + proxy + " is not known", e);
    }
  }

  /** The same one each time, so that a kept tunnel serves again; null: it has none here. */
  private @Nullable InetAddress checked(String name, int port) throws UnknownHostException {
    try {
      return guard.resolve(name, port).stream()
          .map(InetSocketAddress::getAddress)
          .min(
              Comparator.comparing((InetAddress a) -> !(a instanceof Inet4Address))
                  .thenComparing(InetAddress::getHostAddress))
          .orElseThrow(() -> new UnknownHostException(name));
    } catch (ForbiddenAddress e) {
      throw e;
    } catch (UnknownHostException e) {
      if (access.byOperator()) {
        return null;
      }
      throw e;
    }
  }
}
