import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.stream.Stream;

/** {@code java Authorities.java FOLDER CACERTS}: makes the JVM's trusted authorities of a folder of PEM files. */
final class Authorities {
  public static void main(String[] arguments) throws Exception {
    // They are public: no password, and so the same bytes each time.
    System.setProperty("keystore.pkcs12.certProtectionAlgorithm", "NONE");
    System.setProperty("keystore.pkcs12.macAlgorithm", "NONE");
    var folder = Path.of(arguments[0]);
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    var factory = CertificateFactory.getInstance("X.509");
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> certificates = files.filter(file -> file.toString().endsWith(".crt")).sorted().toList();
      for (Path file : certificates) {
        try (var in = Files.newInputStream(file)) {
          store.setCertificateEntry(folder.relativize(file).toString(), factory.generateCertificate(in));
        }
      }
    }
    if (store.size() == 0) {
      throw new IllegalStateException("no certificates in " + folder);
    }
    try (OutputStream out = Files.newOutputStream(Path.of(arguments[1]))) {
      store.store(out, null);
    }
  }
}
