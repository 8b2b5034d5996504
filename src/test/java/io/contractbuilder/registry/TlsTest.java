package io.contractbuilder.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.hc.core5.http.ssl.TLS;
import org.apache.hc.core5.http.ssl.TlsCiphers;
import org.junit.jupiter.api.Test;

/** What a connection may be encrypted by. */
class TlsTest {
  /** The names of all that were ever given, weak ones with them, are in HttpCore's own list. */
  @Test
  void whatHttpCoreCallsWeakIsNotOffered() throws Exception {
    SSLParameters all = SSLContext.getDefault().getSupportedSSLParameters();
    Set<String> suites = new TreeSet<>(Arrays.asList(all.getCipherSuites()));
    suites.addAll(
        List.of(
            "TLS_RSA_WITH_NULL_SHA256",
            "TLS_ECDH_anon_WITH_AES_128_CBC_SHA",
            "TLS_DH_anon_WITH_AES_128_GCM_SHA256",
            "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
            "SSL_RSA_WITH_DES_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
            "SSL_RSA_EXPORT_WITH_RC2_CBC_40_MD5",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_AES_128_GCM_SHA256"));
    String[] given = suites.toArray(String[]::new);

    assertThat(Tls.strongSuites(given))
        .containsExactly(TlsCiphers.excludeWeak(given))
        .contains("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    String[] versions = {"SSLv2Hello", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
    assertThat(Tls.strongVersions(versions)).containsExactly(TLS.excludeWeak(versions));
  }
}
