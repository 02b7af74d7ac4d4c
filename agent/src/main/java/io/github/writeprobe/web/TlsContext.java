package io.github.writeprobe.web;

import io.github.writeprobe.config.WebConfiguration.Clients;
import io.github.writeprobe.config.WebConfiguration.Identity;
import io.github.writeprobe.config.WebConfiguration.Tls;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// One version of the TLS configuration, ready for connections.
///
/// Each version has a context of its own, so a session of another version cannot be resumed.
record TlsContext(SSLContext context, SSLParameters parameters) {
    private static final char[] PASSWORD = {};
    private static final String STORE_TYPE = "PKCS12";

    static TlsContext of(Tls tls) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keyManagers(tls.identity()),
                    new TrustManager[] {trustManager(tls.clients())},
                    null);
            return new TlsContext(context, parameters(tls, context));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManager[] keyManagers(Identity identity)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyKeyStore();
        store.setKeyEntry(
                "server",
                identity.key(),
                PASSWORD,
                identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyKeyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(STORE_TYPE);
        store.load(null, PASSWORD);
        return store;
    }

    private static X509ExtendedTrustManager trustManager(Clients clients)
            throws GeneralSecurityException, IOException {
        return clients.auth().isVerified()
                ? new ClientCertificateVerifier.Verified(
                        authorityTrustManager(clients.authorities()), clients)
                : new ClientCertificateVerifier.Unverified(clients);
    }

    private static X509ExtendedTrustManager authorityTrustManager(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities.isEmpty() ? defaultKeyStore() : keyStore(authorities));
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /// The default key store, which a factory uses for null.
    private static @Nullable KeyStore defaultKeyStore() {
        return null;
    }

    private static KeyStore keyStore(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyKeyStore();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca-" + i, authorities.get(i));
        }
        return store;
    }

    private static SSLParameters parameters(Tls tls, SSLContext context) {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(tls.protocols().toArray(String[]::new));
        if (!tls.cipherSuites().isEmpty()) {
            parameters.setCipherSuites(tls.cipherSuites().toArray(String[]::new));
        }
        if (!tls.namedGroups().isEmpty()) {
            parameters.setNamedGroups(tls.namedGroups().toArray(String[]::new));
        }
        parameters.setUseCipherSuitesOrder(tls.preferServerCipherSuites());
        switch (tls.clients().auth()) {
            case NONE -> {}
            case REQUESTED, VERIFIED_IF_GIVEN -> parameters.setWantClientAuth(true);
            case ANY_REQUIRED, VERIFIED -> parameters.setNeedClientAuth(true);
        }
        return parameters;
    }

    /// An SSLEngine for the server's side of a new connection.
    SSLEngine createEngine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters);
        return engine;
    }
}
