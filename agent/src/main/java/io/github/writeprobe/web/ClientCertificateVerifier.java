package io.github.writeprobe.web;

import io.github.writeprobe.config.WebConfiguration.Clients;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Decides which client certificates are accepted. The handshake has already proved that the client
/// has the key.
abstract sealed class ClientCertificateVerifier extends X509ExtendedTrustManager {
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int IP = 7;

    private final Clients clients;

    private ClientCertificateVerifier(Clients clients) {
        this.clients = clients;
    }

    /// Accepts only certificates of trusted authorities.
    static final class Verified extends ClientCertificateVerifier {
        private final X509ExtendedTrustManager authorities;

        Verified(X509ExtendedTrustManager authorities, Clients clients) {
            super(clients);
            this.authorities = authorities;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            authorities.checkClientTrusted(chain, type, engine);
            super.checkClientTrusted(chain, type, engine);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return authorities.getAcceptedIssuers();
        }
    }

    /// Accepts any certificate.
    static final class Unverified extends ClientCertificateVerifier {
        Unverified(Clients clients) {
            super(clients);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        if (!clients.allowedNames().isEmpty() && !hasAllowedName(chain[0])) {
            throw new CertificateException("no name of the certificate is in client_allowed_sans");
        }
    }

    private boolean hasAllowedName(X509Certificate certificate) throws CertificateException {
        Collection<List<?>> names =
                Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
        return names.stream()
                .anyMatch(name ->
                        name.get(0) instanceof Integer kind
                                && name.get(1) instanceof String text
                                && clients.allowedNames().stream()
                                        .anyMatch(allowed -> matches(kind, text, allowed)));
    }

    private static boolean matches(int kind, String text, String allowed) {
        return switch (kind) {
            case EMAIL, DNS, URI -> text.equals(allowed);
            case IP -> isSameAddress(text, allowed);
            default -> false;
        };
    }

    /// Compares addresses, because an IPv6 address can be written in many ways.
    private static boolean isSameAddress(String one, String other) {
        try {
            return InetAddress.ofLiteral(one).equals(InetAddress.ofLiteral(other));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static CertificateException unsupported() {
        return new CertificateException("only client certificates of an SSLEngine can be checked");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw unsupported();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw unsupported();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw unsupported();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw unsupported();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        throw unsupported();
    }
}
