package io.contractbuilder.app;

import io.contractbuilder.contract.ArgumentRules;
import io.contractbuilder.contract.ContractTaskReader.Origin;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.contract.ImageReference;
import io.contractbuilder.contract.ImageReference.InLayout;
import io.contractbuilder.contract.ImageReference.InRegistry;
import io.contractbuilder.contract.RegistryCredentials;
import io.contractbuilder.contract.Secret;
import io.contractbuilder.image.BuiltImage;
import io.contractbuilder.image.ContractImages;
import io.contractbuilder.image.CopyListener;
import io.contractbuilder.image.Descriptor;
import io.contractbuilder.image.ImageLimits;
import io.contractbuilder.image.ImageReader;
import io.contractbuilder.image.Watchdog;
import io.contractbuilder.image.WatchdogLayers;
import io.contractbuilder.image.Watchdogs;
import io.contractbuilder.registry.AllowedAddresses;
import io.contractbuilder.registry.Attachment;
import io.contractbuilder.registry.CredentialSource;
import io.contractbuilder.registry.DockerCredentials;
import io.contractbuilder.registry.FolderImages;
import io.contractbuilder.registry.ImageStores;
import io.contractbuilder.registry.ImageWatchdog;
import io.contractbuilder.registry.ImageWrap;
import io.contractbuilder.registry.LayoutContractImages;
import io.contractbuilder.registry.Proxies;
import io.contractbuilder.registry.RefusingRegistries;
import io.contractbuilder.registry.RegistryAccess;
import io.contractbuilder.registry.RegistryClient;
import io.contractbuilder.registry.RegistryContractImages;
import io.contractbuilder.registry.StoredImages;
import io.contractbuilder.settings.ImageSettings;
import io.contractbuilder.settings.ProxySettings;
import io.contractbuilder.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that deals with images. Three ways to registries are kept apart: what an event names (public
 * addresses, no files), what the operator names, and the private registry with its credentials.
 */
final class Images implements AutoCloseable {
  private final Settings settings;
  private final ImageStores strangers;
  private final ImageStores operators;
  private final RegistryClient privateRegistry;
  private final ImageStores privateStores;
  private final StoredImages reader;
  private final ImageWrap wrap;
  private final Watchdogs watchdogs;

  private Images(Settings settings) {
    this.settings = settings;
    ImageSettings images = settings.images();
    // Only in a folder that is there for more: in a chain's place nothing else is written.
    Path state = settings.stateFolder();
    var refusing =
        new RefusingRegistries(
            state != null && Files.isDirectory(state) ? state.resolve("registries") : null);
    AllowedAddresses allowed = AllowedAddresses.parse(List.copyOf(images.allowedAddresses()));
    Proxies proxies = proxies(images.proxies());
    strangers =
        new ImageStores(
            new RegistryClient(
                RegistryAccess.stranger(images.plainHttp(), allowed, images.certificates())
                    .with(proxies),
                refusing),
            false);
    CredentialSource docker = DockerCredentials.of(System.getenv());
    RegistryAccess operator =
        RegistryAccess.operator(images.plainHttp(), allowed, images.certificates())
            .with(docker)
            .with(proxies);
    operators = new ImageStores(new RegistryClient(operator, refusing), true);
    RegistryAccess own = withCredentials(operator, images);
    privateRegistry = new RegistryClient(own, refusing);
    privateStores = new ImageStores(new RegistryClient(own, refusing), true);
    var limits =
        new ImageLimits(
            images.sizeLimit(), ImageLimits.DEFAULT.layers(), ImageLimits.DEFAULT.manifests());
    reader = new StoredImages(privateStores, limits);
    wrap = new ImageWrap(new WatchdogLayers(), limits);
    watchdogs =
        new Watchdogs(
            settings.home(),
            reference -> new ImageWatchdog(new StoredImages(operators, limits), reference, null));
  }

  static Images of(Settings settings) {
    return new Images(settings);
  }

  private static Proxies proxies(ProxySettings settings) {
    return new Proxies(
        proxy(settings.https()), proxy(settings.http()), List.copyOf(settings.except()));
  }

  private static Proxies.@Nullable Proxy proxy(ProxySettings.@Nullable Proxy given) {
    if (given == null) {
      return null;
    }
    String user = given.user();
    Secret password = given.password();
    return new Proxies.Proxy(
        given.host(),
        given.port(),
        user == null || password == null ? null : new RegistryCredentials(user, password));
  }

  private static RegistryAccess withCredentials(RegistryAccess access, ImageSettings images) {
    String host = images.registry();
    String user = images.user();
    Secret password = user == null ? null : images.password();
    return host == null || user == null || password == null
        ? access
        : access.with(host, new RegistryCredentials(user, password));
  }

  /** Where contracts' images go; what an image's reference may name is up to who wrote it. */
  ContractImages contractImages(Origin origin) {
    ImageStores sources =
        switch (origin) {
          case EVENT -> strangers;
          case COMMAND_LINE -> operators;
        };
    String host = settings.images().registry();
    return host == null
        ? new LayoutContractImages(settings.state().resolve("images"), sources, wrap)
        : new RegistryContractImages(host, privateRegistry, sources, wrap);
  }

  /** Which arguments the watchdog takes that {@code setting} names, or else the configured one. */
  ArgumentRules argumentRules(@Nullable String setting) {
    return watchdogs.rules(setting == null ? settings.watchdog() : setting);
  }

  /** The watchdog that {@code setting} names; null: the configured one. */
  Watchdog watchdog(@Nullable String setting) {
    return watchdogs.choose(setting == null ? settings.watchdog() : setting);
  }

  /** Reads images for the local platform: built ones, and any that its users deploy. */
  ImageReader reader() {
    return reader;
  }

  BuiltImage wrap(
      ImageWrap.Input input,
      ImageReference target,
      @Nullable String mountFrom,
      CopyListener listener) {
    return wrap.wrap(input, operators, privateStores, target, null, mountFrom, listener);
  }

  /** Brings an image into a registry, unchanged, and what says something of it beside it. */
  Digest push(InLayout image, InRegistry target, Attachment attachment) {
    Descriptor pushed = FolderImages.push(image, target, privateRegistry);
    attachment.push(target, pushed, privateRegistry);
    return pushed.digest();
  }

  /** Cuts off what an interrupted thread waits for: an interrupt alone ends no socket's read. */
  void abort(Thread thread) {
    strangers.abort(thread);
    operators.abort(thread);
    privateRegistry.abort(thread);
    privateStores.abort(thread);
  }

  @Override
  public void close() {
    strangers.close();
    operators.close();
    privateRegistry.close();
    privateStores.close();
  }
}
