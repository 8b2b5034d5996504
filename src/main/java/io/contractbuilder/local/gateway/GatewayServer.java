package io.contractbuilder.local.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.local.functions.Functions;
import io.contractbuilder.local.functions.Refused;
import io.contractbuilder.local.functions.SecretStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's HTTP server, on loopback. */
public final class GatewayServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);
  private static final int THREADS = 64;
  private static final int WAITING = 1024;
  private static final int CLOSE_SECONDS = 2;
  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final Login login;
  private final SystemApi system;
  private final LogsApi logs;
  private final FunctionProxy proxy;
  private volatile boolean closing;

  /**
   * @param port 0 for any
   */
  public GatewayServer(
      int port,
      String user,
      Secret password,
      Functions functions,
      SecretStore secrets,
      FunctionProxy proxy,
      String release)
      throws IOException {
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
    this.threads =
        new ThreadPoolExecutor(
            THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING));
    this.threads.allowCoreThreadTimeOut(true);
    this.login = new Login(user, password);
    this.system = new SystemApi(functions, secrets, release);
    this.logs = new LogsApi(functions, () -> closing);
    this.proxy = proxy;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
  }

  /** Begins to answer. */
  public void start() {
    server.start();
  }

  /** Where it is. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try {
      route(exchange);
    } catch (Refused e) {
      Answers.error(exchange, e.status(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
    } catch (IOException e) {
      // Who called is gone, or the disk fails: an answer may have begun, so it is only cut.
      LOG.debug("a call ended early", e);
      failed(exchange);
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI().getPath(), e);
      failed(exchange);
    }
  }

  private static void failed(HttpExchange exchange) throws IOException {
    try {
      if (exchange.getResponseCode() < 0) {
        Answers.error(exchange, 500, "the platform failed; its log says more");
      }
    } finally {
      exchange.close();
    }
  }

  private void route(HttpExchange exchange) throws IOException, Refused, InterruptedException {
    String path = exchange.getRequestURI().getRawPath();
    if (path.equals("/healthz")) {
      Answers.empty(exchange, 200);
    } else if (path.startsWith("/function/") && path.length() > "/function/".length()) {
      String rest = path.substring("/function/".length());
      int slash = rest.indexOf('/');
      String name = slash < 0 ? rest : rest.substring(0, slash);
      proxy.pass(exchange, name, slash < 0 ? "" : rest.substring(slash), login.allows(exchange));
    } else if (!path.startsWith("/system/")) {
      Answers.error(exchange, 404, "404 page not found");
    } else if (login.allows(exchange)) {
      system(exchange, path.substring("/system/".length()));
    } else {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"Restricted\"");
      Answers.plain(exchange, 401, "invalid credentials");
    }
  }

  private void system(HttpExchange exchange, String what)
      throws IOException, Refused, InterruptedException {
    int slash = what.indexOf('/');
    String kind = slash < 0 ? what : what.substring(0, slash);
    String name = slash < 0 ? "" : what.substring(slash + 1);
    boolean get = exchange.getRequestMethod().equals("GET");
    boolean named = name.matches("[A-Za-z0-9._-]+");
    if (slash < 0 && kind.equals("functions")) {
      system.functions(exchange);
    } else if (slash < 0 && kind.equals("secrets")) {
      system.secrets(exchange);
    } else if (named && kind.equals("scale-function")) {
      only(exchange, exchange.getRequestMethod().equals("POST"));
      system.scale(exchange, name);
    } else if (named && kind.equals("function")) {
      only(exchange, get);
      system.function(exchange, name);
    } else if (slash < 0 && kind.equals("info")) {
      only(exchange, get);
      system.info(exchange);
    } else if (slash < 0 && kind.equals("namespaces")) {
      only(exchange, get);
      system.namespaces(exchange);
    } else if (slash < 0 && kind.equals("logs")) {
      only(exchange, get);
      logs.logs(exchange);
    } else {
      Answers.error(exchange, 404, "404 page not found");
    }
  }

  private static void only(HttpExchange exchange, boolean allowed) throws Refused {
    if (!allowed) {
      throw new Refused(405, "method " + exchange.getRequestMethod() + " not allowed");
    }
  }

  @Override
  public void close() {
    closing = true;
    // A handler in the server's own thread pool may still be at work; stop() waits for it.
    server.stop(threads.getActiveCount() == 0 ? 0 : CLOSE_SECONDS);
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("a call did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
