package io.contractbuilder.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.conscrypt.OpenSSLProvider;
import org.jspecify.annotations.Nullable;

/**
 * Google's Conscrypt: BoringSSL as a security provider. Java's own is as fast once it is compiled,
 * which takes longer than most of our processes live. Loaded when it is first asked for; where its
 * library is not to be had, Java's own serves.
 */
public final class NativeCrypto {
  private static final class Loaded {
    static final @Nullable Provider PROVIDER = load();

    private static @Nullable Provider load() {
      try {
        return new OpenSSLProvider();
      } catch (UnsatisfiedLinkError _) {
        // Another system or processor, or a folder that lets nothing be executed.
        return null;
      }
    }
  }

  /** As {@link Loaded}, and certificates' signatures are checked by it, too. */
  private static final class Checking {
    static final @Nullable Provider PROVIDER = first(Loaded.PROVIDER);

    private static @Nullable Provider first(@Nullable Provider loaded) {
      if (loaded != null) {
        Security.insertProviderAt(new Signatures(loaded), 1);
      }
      return loaded;
    }
  }

  /** What Java takes to check a chain of certificates, and nothing else. */
  private static final class Signatures extends Provider {
    private static final Set<String> NAMES =
        Set.of(
            "KeyFactory.EC",
            "KeyFactory.RSA",
            "Signature.SHA256withECDSA",
            "Signature.SHA384withECDSA",
            "Signature.SHA512withECDSA",
            "Signature.SHA256withRSA",
            "Signature.SHA384withRSA",
            "Signature.SHA512withRSA");

    Signatures(Provider all) {
      super("ContractBuilderSignatures", all.getVersionStr(), "Conscrypt's keys and signatures");
      all.forEach(
          (name, value) -> {
            // An attribute's name is the service's with another word.
            if (NAMES.contains(name.toString().split(" ", 2)[0])) {
              put(name, value);
            }
          });
    }
  }

  private static final class Preparing {
    static {
      start("native-crypto", NativeCrypto::provider);
      // Whoever adds a provider has all of Java's own loaded, which takes as long as the library.
      start("providers", Security::getProviders);
    }

    private static void start(String name, Runnable first) {
      Thread.ofPlatform().daemon().name(name).start(first);
    }

    static void begin() {}
  }

  private NativeCrypto() {}

  /** Begins to load, beside this thread, what {@link #tls} will want. */
  public static void prepare() {
    Preparing.begin();
  }

  private static @Nullable Provider provider() {
    return Checking.PROVIDER;
  }

  /** A new SHA-256, for much data. */
  public static MessageDigest sha256() {
    try {
      Provider provider = Loaded.PROVIDER;
      return provider == null
          ? MessageDigest.getInstance("SHA-256")
          : MessageDigest.getInstance("SHA-256", provider);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every provider has SHA-256", e);
    }
  }

  /** A context for TLS, yet to be set up with trust managers. */
  public static SSLContext tls() throws NoSuchAlgorithmException {
    Provider provider = provider();
    return provider == null
        ? SSLContext.getInstance("TLS")
        : SSLContext.getInstance("TLS", provider);
  }
}
