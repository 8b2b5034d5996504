package io.contractbuilder.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.contractbuilder.contract.Digest;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the container image is made of (CycloneDX 1.6): of Maven's own bill the jars that are in it,
 * BoringSSL, Debian's packages, the JDK, the watchdogs and the Go that they were built with.
 */
final class BillOfMaterials {
  private static final Pattern FIELD =
      Pattern.compile("(?m)^(Package|Version|Architecture): (.*)$");
  private static final Pattern RELEASE = Pattern.compile("(?m)^(ID|VERSION_ID)=\"?([^\"\n]*)\"?$");

  private final ObjectNode bill;
  private final Path image;
  private final Map<String, ObjectNode> components = new TreeMap<>();

  private BillOfMaterials(ObjectNode bill, Path image) {
    this.bill = bill;
    this.image = image;
  }

  /**
   * Completes Maven's bill.
   *
   * @param maven what cyclonedx-maven-plugin wrote; its component is the program
   * @param image where {@code release/stage} has laid the layers out
   * @param digest the image's
   * @throws IOException also for a jar that Maven's bill does not have
   */
  static ObjectNode of(ObjectNode maven, Path image, Digest digest) throws IOException {
    var made = new BillOfMaterials(maven.deepCopy(), image);
    made.jars();
    made.boringSsl();
    made.debian();
    made.jdk();
    made.watchdogs();
    return made.whole(digest);
  }

  private ObjectNode whole(Digest digest) {
    ObjectNode metadata = (ObjectNode) bill.path("metadata");
    JsonNode program = metadata.path("component");
    ObjectNode container = metadata.putObject("component");
    container.put("type", "container").put("bom-ref", "image");
    container.put("name", program.path("name").asText());
    container.put("version", program.path("version").asText());
    hash(container, digest);
    ArrayNode all = bill.putArray("components");
    components.values().forEach(all::add);
    ArrayNode dependencies = Json.array();
    for (JsonNode one : bill.path("dependencies")) {
      if (components.containsKey(one.path("ref").asText())) {
        ObjectNode kept = dependencies.addObject().put("ref", one.path("ref").asText());
        ArrayNode on = kept.putArray("dependsOn");
        for (JsonNode name : one.path("dependsOn")) {
          if (components.containsKey(name.asText())) {
            on.add(name);
          }
        }
      }
    }
    ArrayNode whole = dependencies.addObject().put("ref", "image").putArray("dependsOn");
    components.keySet().forEach(whole::add);
    bill.set("dependencies", dependencies);
    return bill;
  }

  private void jars() throws IOException {
    var known = new TreeMap<String, ObjectNode>();
    ObjectNode program = (ObjectNode) bill.path("metadata").path("component");
    known.put(jar(program), program.deepCopy().put("type", "application"));
    for (JsonNode library : bill.path("components")) {
      known.put(jar(library), (ObjectNode) library);
    }
    for (Path jar : files(image.resolve("program/opt/contract-builder/lib"), ".jar")) {
      ObjectNode component = known.get(jar.getFileName().toString());
      if (component == null) {
        throw new IOException("Maven's bill of materials does not have " + jar.getFileName());
      }
      // As it lies there: the build takes the libraries for other systems out of one.
      hash(component, Digest.of(Files.readAllBytes(jar)));
      components.put(component.path("bom-ref").asText(), component);
    }
  }

  /** Conscrypt's jar says of which revision its library is. */
  private void boringSsl() throws IOException {
    Path lib = image.resolve("program/opt/contract-builder/lib");
    for (Path conscrypt : files(lib, ".jar")) {
      try (JarFile jar = new JarFile(conscrypt.toFile())) {
        String revision = jar.getManifest().getMainAttributes().getValue("BoringSSL-Version");
        if (revision != null) {
          String purl = "pkg:github/google/boringssl@" + revision;
          ObjectNode boringSsl = add("library", "boringssl", revision, purl).put("purl", purl);
          for (Path library : files(lib.resolve("native"), ".so")) {
            hash(boringSsl, Digest.of(Files.readAllBytes(library)));
          }
        }
      }
    }
  }

  private static String jar(JsonNode component) {
    return component.path("name").asText() + "-" + component.path("version").asText() + ".jar";
  }

  private void debian() throws IOException {
    Map<String, String> release = fields(RELEASE, image.resolve("system/etc/os-release"));
    String name = field(release, "ID");
    String version = field(release, "VERSION_ID");
    add("operating-system", name, version, "os:" + name + "-" + version);
    for (Path control : files(image.resolve("system/var/lib/dpkg/status.d"), "")) {
      Map<String, String> fields = fields(FIELD, control);
      String own = field(fields, "Version");
      // Package URL specification, "deb"; a colon or plus in a version stands as it may.
      String purl =
          "pkg:deb/%s/%s@%s?arch=%s&distro=%s-%s"
              .formatted(
                  name,
                  field(fields, "Package"),
                  own.replace(":", "%3A").replace("+", "%2B"),
                  field(fields, "Architecture"),
                  name,
                  version);
      add("library", field(fields, "Package"), own, purl).put("purl", purl);
    }
  }

  /** The runtime is of the very JDK that runs this. */
  private void jdk() {
    Runtime.Version version = Runtime.version();
    String number =
        version.version().stream().map(String::valueOf).reduce((a, b) -> a + "." + b).orElseThrow();
    String build = version.build().map(some -> "+" + some).orElse("");
    String purl = "pkg:generic/openjdk@" + number + build.replace("+", "%2B");
    add("platform", "openjdk", number + build, purl)
        .put("publisher", System.getProperty("java.vendor"))
        .put("cpe", "cpe:2.3:a:oracle:openjdk:" + number + ":*:*:*:*:*:*:*")
        .put("purl", purl);
  }

  private void watchdogs() throws IOException {
    Path folder = image.resolve("program/opt/contract-builder/watchdog");
    for (String kind : List.of("builtin", "classic")) {
      if (Files.isDirectory(folder.resolve(kind))) {
        String version = Files.readString(folder.resolve(kind).resolve("version")).strip();
        for (Path program : files(folder.resolve(kind), "fwatchdog")) {
          String name = image.resolve("program").relativize(program).toString();
          hash(add("application", name, version, name), Digest.of(Files.readAllBytes(program)));
          GoBuild build = GoBuild.read(program);
          golang("stdlib", build.go());
          build.modules().forEach(this::golang);
        }
      }
    }
  }

  private void golang(String module, String version) {
    String purl = "pkg:golang/" + module + "@" + version.replace("+", "%2B");
    add("library", module, version, purl).put("purl", purl);
  }

  private ObjectNode add(String type, String name, String version, String reference) {
    ObjectNode component = Json.object().put("type", type).put("bom-ref", reference);
    components.put(reference, component.put("name", name).put("version", version));
    return component;
  }

  private static void hash(ObjectNode component, Digest digest) {
    String hex = digest.value().substring("sha256:".length());
    component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", hex);
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> Files.isRegularFile(file) && file.toString().endsWith(end))
          .sorted()
          .toList();
    }
  }

  private static Map<String, String> fields(Pattern line, Path file) throws IOException {
    var fields = new TreeMap<String, String>();
    line.matcher(Files.readString(file))
        .results()
        .forEach(found -> fields.putIfAbsent(found.group(1), found.group(2)));
    return fields;
  }

  private static String field(Map<String, String> fields, String name) throws IOException {
    String value = fields.get(name);
    if (value == null) {
      throw new IOException("no " + name + " in " + fields);
    }
    return value;
  }
}
