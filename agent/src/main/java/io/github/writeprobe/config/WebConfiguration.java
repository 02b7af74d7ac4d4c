package io.github.writeprobe.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The web configuration: TLS, passwords and headers, with certificates and keys already read.
///
/// @param tls empty for plain HTTP
/// @param headers headers of every response
/// @param users names, and the bcrypt hashes of their passwords; empty for no authentication
/// @param rateLimit empty for none
/// @param files all files that were read; if one of them changes, all have to be read again
public record WebConfiguration(
        Optional<Tls> tls,
        Map<String, String> headers,
        Map<String, String> users,
        Optional<RateLimit> rateLimit,
        Set<Path> files) {
    /// The configuration without a file: HTTP without authentication.
    public static final WebConfiguration PLAIN =
            new WebConfiguration(Optional.empty(), Map.of(), Map.of(), Optional.empty(), Set.of());

    public WebConfiguration {
        requireNonNull(tls);
        headers = Map.copyOf(headers);
        users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
        requireNonNull(rateLimit);
        files = Set.copyOf(files);
    }

    /// Whether unauthenticated requests are accepted: there are no passwords, and no client has to
    /// present a verified certificate.
    public boolean isAnonymousAllowed() {
        return users.isEmpty()
                && tls.filter(t -> t.clients().auth() == ClientAuth.VERIFIED).isEmpty();
    }

    /// TLS settings, with the JDK's names.
    ///
    /// @param cipherSuites in order of preference; empty for the JDK's own
    /// @param preferServerCipherSuites whether this order counts, or the client's
    /// @param namedGroups in order of preference; empty for the JDK's own
    public record Tls(
            Identity identity,
            Clients clients,
            List<String> protocols,
            List<String> cipherSuites,
            boolean preferServerCipherSuites,
            List<String> namedGroups) {
        public Tls {
            requireNonNull(identity);
            requireNonNull(clients);
            protocols = List.copyOf(protocols);
            cipherSuites = List.copyOf(cipherSuites);
            namedGroups = List.copyOf(namedGroups);
        }
    }

    /// The server's certificate and key.
    ///
    /// @param chain the server's certificate, then those that lead to its authority
    /// @param key of the first certificate
    public record Identity(List<X509Certificate> chain, PrivateKey key) {
        public Identity {
            chain = List.copyOf(chain);
            requireNonNull(key);
        }
    }

    /// Which clients may connect.
    ///
    /// @param authorities trusted certificate authorities; empty for those that the JDK trusts
    /// @param allowedNames names, one of which a certificate must have; empty for any
    public record Clients(
            ClientAuth auth, List<X509Certificate> authorities, Set<String> allowedNames) {
        public Clients {
            requireNonNull(auth);
            authorities = List.copyOf(authorities);
            allowedNames = Set.copyOf(allowedNames);
        }
    }

    /// Whether a client has to present a certificate, and whether the certificate is verified.
    ///
    /// @see <a href="https://pkg.go.dev/crypto/tls#ClientAuthType">crypto/tls</a>
    public enum ClientAuth {
        NONE("NoClientCert", false, false),
        REQUESTED("RequestClientCert", false, false),
        ANY_REQUIRED("RequireAnyClientCert", true, false),
        VERIFIED_IF_GIVEN("VerifyClientCertIfGiven", false, true),
        VERIFIED("RequireAndVerifyClientCert", true, true);

        private final String label;
        private final boolean required;
        private final boolean verified;

        ClientAuth(String label, boolean required, boolean verified) {
            this.label = label;
            this.required = required;
            this.verified = verified;
        }

        /// The word used in the file.
        public String label() {
            return label;
        }

        /// Whether a connection requires a certificate.
        public boolean isRequired() {
            return required;
        }

        /// Whether a certificate has to be signed by a trusted authority.
        public boolean isVerified() {
            return verified;
        }
    }

    /// @param interval in which one more request is allowed
    /// @param burst how many requests are allowed at once
    public record RateLimit(Duration interval, int burst) {
        public RateLimit {
            requireNonNull(interval);
        }
    }
}
