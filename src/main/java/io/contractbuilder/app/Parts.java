package io.contractbuilder.app;

import io.contractbuilder.settings.Settings;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts that the settings name, each made when it is first needed. */
final class Parts implements AutoCloseable {
  private final Map<String, String> environment;
  private final Path home;
  private @Nullable Settings settings;
  private @Nullable Chain chain;
  private volatile @Nullable Images images;
  private volatile @Nullable Gateway gateway;

  Parts(Map<String, String> environment, Path home) {
    this.environment = environment;
    this.home = home;
  }

  /** None of them made, and files of secrets read anew. */
  Parts anew() {
    return new Parts(environment, home);
  }

  Map<String, String> environment() {
    return environment;
  }

  Settings settings() {
    if (settings == null) {
      settings = Settings.read(environment, home);
    }
    return settings;
  }

  Chain chain() {
    Chain made = chain;
    if (made == null) {
      made = new Chain(settings());
      chain = made;
    }
    return made;
  }

  Images images() {
    Images made = images;
    if (made == null) {
      made = Images.of(settings());
      images = made;
    }
    return made;
  }

  Gateway gateway() {
    Gateway made = gateway;
    if (made == null) {
      made = Gateway.of(settings());
      gateway = made;
    }
    return made;
  }

  /** Cuts off what a thread that was interrupted before waits for. */
  void abort(Thread thread) {
    Images images = this.images;
    if (images != null) {
      images.abort(thread);
    }
    Gateway gateway = this.gateway;
    if (gateway != null) {
      gateway.http().abort();
    }
  }

  @Override
  public void close() {
    Images images = this.images;
    if (images != null) {
      images.close();
    }
    Gateway gateway = this.gateway;
    if (gateway != null) {
      gateway.close();
    }
    if (chain != null) {
      chain.close();
    }
  }
}
