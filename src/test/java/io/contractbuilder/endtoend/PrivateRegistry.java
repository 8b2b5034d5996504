package io.contractbuilder.endtoend;

import static io.contractbuilder.endtoend.Bench.part;
import static io.contractbuilder.endtoend.ChainBench.utf8;

import com.fasterxml.jackson.databind.JsonNode;
import io.contractbuilder.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Looks into the private registry with another's eyes. */
final class PrivateRegistry implements AutoCloseable {
  private static final String PART = "PARTS_REGISTRY_TLS";
  private static final String BASE = "/v2/customer-contracts/";

  private final HttpClient client;
  private final String url;
  private final String authorization;

  private PrivateRegistry(HttpClient client, String url, String credentials) {
    this.client = client;
    this.url = url;
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(utf8(credentials));
  }

  static PrivateRegistry overTls() throws IOException {
    return new PrivateRegistry(
        HttpClient.newBuilder().sslContext(trusting(Path.of(part("PARTS_CA")))).build(),
        "https://" + part(PART),
        part(PART + "_USER") + ":" + part(PART + "_PASSWORD"));
  }

  /** One that asks for no credentials. */
  static PrivateRegistry plain(String authority) {
    return new PrivateRegistry(HttpClient.newHttpClient(), "http://" + authority, ":");
  }

  private static SSLContext trusting(Path authority) throws IOException {
    try (InputStream in = Files.newInputStream(authority)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "parts", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  boolean isPlain() {
    return url.startsWith("http:");
  }

  String authority() {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  /** The tags of the contracts' repository; none where there is no such repository. */
  List<String> tags() throws IOException {
    var tags = new ArrayList<String>();
    Json.read(answer("GET", BASE + "tags/list").body())
        .path("tags")
        .forEach(tag -> tags.add(tag.asText()));
    tags.sort(null);
    return tags;
  }

  boolean holds(String digest) throws IOException {
    return answer("HEAD", BASE + "manifests/" + digest).statusCode() == 200;
  }

  /**
   * Removes an image, if it is there.
   *
   * @param blobs is given those that it is made of
   */
  void remove(String digest, Set<String> blobs) throws IOException {
    HttpResponse<byte[]> manifest = answer("GET", BASE + "manifests/" + digest);
    if (manifest.statusCode() != 200) {
      return;
    }
    JsonNode image = Json.read(manifest.body());
    blobs.add(image.path("config").path("digest").asText());
    image.path("layers").forEach(layer -> blobs.add(layer.path("digest").asText()));
    answer("DELETE", BASE + "manifests/" + digest);
  }

  /** Forgets blobs of the contracts' repository. */
  void removeBlobs(Set<String> blobs) throws IOException {
    for (String blob : blobs) {
      answer("DELETE", BASE + "blobs/" + blob);
    }
  }

  private HttpResponse<byte[]> answer(String method, String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Authorization", authorization)
            .header("Accept", "application/vnd.oci.image.manifest.v1+json")
            .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
            .header("Accept", "application/vnd.oci.image.index.v1+json")
            .header("Accept", "application/vnd.docker.distribution.manifest.list.v2+json")
            .build();
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
