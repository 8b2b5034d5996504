package io.contractbuilder.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.contractbuilder.registry.TlsFiles.ClientPair;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A registry's {@code hosts.toml} (containerd, "Registry Configuration"): mirrors, which are asked
 * before the registry in their order, and where the registry itself is. What it says and is not
 * done here is refused, as the image would be looked for elsewhere than meant.
 *
 * @param server null: where its name says
 */
record HostsFile(List<Endpoint> mirrors, @Nullable Endpoint server) {
  static final HostsFile NONE = new HostsFile(List.of(), null);
  private static final int MAX_FILE = 1 << 20;

  /** {@code dial_timeout} is known, and ours holds. */
  private static final Set<String> KEYS =
      Set.of("capabilities", "ca", "client", "skip_verify", "override_path", "dial_timeout");

  private static final Set<String> CAPABILITIES = Set.of("pull", "resolve", "push", "referrers");

  /**
   * Reads one.
   *
   * @param host the registry that it is for
   * @throws RegistryException if it cannot be read or says what is not done
   */
  static HostsFile read(Path file, String host) {
    JsonNode tree;
    try {
      if (Files.size(file) > MAX_FILE) {
        throw HostFolders.failed(file, "it is too large", null);
      }
      tree = new TomlMapper().readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      throw HostFolders.failed(file, "it is no TOML" + where, e);
    } catch (IOException e) {
      throw HostFolders.failed(file, "it cannot be read", e);
    }
    return new Reading(file, host).read(tree);
  }

  private record Reading(Path file, String host) {
    HostsFile read(JsonNode tree) {
      ObjectNode own = tree instanceof ObjectNode object ? object.deepCopy() : null;
      if (own == null) {
        return NONE;
      }
      JsonNode mirrors = own.path("host");
      String server = own.path("server").asText("");
      own.remove(List.of("host", "server"));
      List<Endpoint> all = new ArrayList<>();
      for (Map.Entry<String, JsonNode> one : mirrors.properties()) {
        all.add(endpoint(one.getKey(), one.getValue()));
      }
      boolean said = !server.isEmpty() || !own.isEmpty();
      return new HostsFile(
          List.copyOf(all), said ? endpoint(server.isEmpty() ? realHost() : server, own) : null);
    }

    private String realHost() {
      return host.equals("docker.io") ? "registry-1.docker.io" : host;
    }

    private Endpoint endpoint(String address, JsonNode said) {
      for (Map.Entry<String, JsonNode> field : said.properties()) {
        if (!KEYS.contains(field.getKey())) {
          throw failed("'" + field.getKey() + "' is not supported");
        }
      }
      URI base = base(address, said.path("override_path").asBoolean(false));
      Set<String> can = new TreeSet<>(texts(said.path("capabilities")));
      if (!CAPABILITIES.containsAll(can)) {
        throw failed("an unknown capability in " + can);
      }
      boolean any = can.isEmpty();
      return new Endpoint(
          base,
          any || can.contains("resolve"),
          any || can.contains("pull"),
          new TlsFiles(
              texts(said.path("ca")).stream().map(this::path).toList(),
              clients(said.path("client")),
              said.path("skip_verify").asBoolean(false)),
          base.getRawAuthority().equals(realHost()) ? "" : host);
    }

    private URI base(String address, boolean whole) {
      String text = address.contains("://") ? address : "https://" + address;
      URI uri = WebAddress.read(null, text.replaceFirst("/+$", ""));
      if (uri == null || uri.getRawQuery() != null) {
        throw failed("an address that is not of http or https, or with a user or a query");
      }
      return whole || uri.getRawPath().endsWith("/v2") ? uri : URI.create(uri + "/v2");
    }

    private List<ClientPair> clients(JsonNode said) {
      List<ClientPair> pairs = new ArrayList<>();
      for (JsonNode one : said.isTextual() ? List.of(said) : said) {
        List<String> files = texts(one);
        if (files.isEmpty() || files.size() > 2) {
          throw failed("'client' is no file, nor pairs of files");
        }
        pairs.add(new ClientPair(path(files.getFirst()), path(files.getLast())));
      }
      return List.copyOf(pairs);
    }

    /** A text, or a list of them. */
    private List<String> texts(JsonNode said) {
      List<String> texts = new ArrayList<>();
      for (JsonNode one : said.isTextual() ? List.of(said) : said) {
        if (!one.isTextual()) {
          throw failed("a list of something else than texts");
        }
        texts.add(one.textValue());
      }
      return texts;
    }

    private Path path(String name) {
      return file.resolveSibling(name);
    }

    private RegistryException failed(String answer) {
      return HostFolders.failed(file, answer, null);
    }
  }
}
