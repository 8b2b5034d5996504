package io.contractbuilder.registry;

import io.contractbuilder.registry.AddressGuard.ForbiddenAddress;
import io.contractbuilder.registry.Proxies.Proxy;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Ways to registries through a proxy, for which the address guard holds as well. A proxy would look
 * a name up itself, and might find another address than was checked: so, for what a stranger names,
 * it is told the checked address. Only what is allowed by its name, or is named by an operator, is
 * given to it by name.
 */
final class ProxyRoutes {
  private final RegistryAccess access;
  private final AddressGuard guard;

  ProxyRoutes(RegistryAccess access, AddressGuard guard) {
    this.access = access;
    this.guard = guard;
  }

  /** That a proxy did not do what it was asked for. */
  static final class ProxyFailure extends IOException {
    ProxyFailure(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The way that a request is to take. */
  Route route(Request request) throws UnknownHostException {
    String name = request.host();
    int port = request.port();
    boolean allowed = access.allowed().allowsName(name, port);
    Proxy proxy = access.proxies().of(request.isTls(), name, port);
    // Without TLS, a proxy is told no address.
    if (proxy == null || !(request.isTls() || allowed)) {
      return Route.direct(request);
    }
    InetAddress checked = allowed ? null : checked(name, port);
    String told = checked == null || access.byOperator() ? name : checked.getHostAddress();
    return Route.by(proxy, request, told);
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
