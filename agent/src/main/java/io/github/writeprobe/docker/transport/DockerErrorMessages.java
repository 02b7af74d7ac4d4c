package io.github.writeprobe.docker.transport;

import io.github.writeprobe.text.EngineText;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Describes the failure of an engine in one line for the user: what was tried, what happened, what
/// to do.
public final class DockerErrorMessages {
    private static final String OTHER_ENGINE_HINT = UnixSocketFailure.OTHER_ENGINE_HINT;
    private static final Set<String> RUNTIME_SOCKETS = Set.of("containerd.sock", "crio.sock");

    private DockerErrorMessages() {}

    /// The engine answered with an error.
    static String refused(Endpoint endpoint, String call, EngineResponse answer) {
        String message = EngineText.sanitize(answer.message());
        String quoted = message.isEmpty() ? "" : ": \"" + message + "\"";
        if (message.contains("HTTPS server")) {
            return "the engine at %s requires TLS: set DOCKER_TLS_VERIFY=1, and set DOCKER_CERT_PATH to the directory with ca.pem, cert.pem and key.pem"
                    .formatted(endpoint.displayName());
        }
        return switch (answer.status()) {
            case 401, 403, 407 ->
                    "the engine at %s, or a proxy or plugin in front of it, forbids %s (%d)%s; allow GET /version, GET /containers and POST /exec"
                            .formatted(endpoint.displayName(), call, answer.status(), quoted);
            case 404 -> notAnEngine(endpoint, call);
            default ->
                    answer.status() >= 500
                            ? "the engine at %s failed on %s (%d)%s; see its log: journalctl -u docker"
                                    .formatted(
                                            endpoint.displayName(), call, answer.status(), quoted)
                            : "the engine at %s refused %s (%d)%s"
                                    .formatted(
                                            endpoint.displayName(), call, answer.status(), quoted);
        };
    }

    /// The answer cannot come from an engine.
    public static String notAnEngine(Endpoint endpoint, String call) {
        return "the server at %s is not a Docker engine: its answer to %s cannot be understood; %s"
                .formatted(endpoint.displayName(), call, OTHER_ENGINE_HINT);
    }

    /// The answer exceeds the size limit.
    static String tooLong(Endpoint endpoint, String call) {
        return "the engine at %s sent too long an answer to %s: it contains a very long label, or it does not end"
                .formatted(endpoint.displayName(), call);
    }

    public static String timedOut(Endpoint endpoint, String call, Duration limit) {
        return "the engine at %s did not answer %s within %s: it hangs, is overloaded, or a firewall drops the packets; check whether docker ps works"
                .formatted(endpoint.displayName(), call, formatDuration(limit));
    }

    /// The event stream ended. A running engine does not end it.
    public static String streamEnded(Endpoint endpoint) {
        return "the engine at %s ended its stream of events: was it stopped or restarted? try again, or see journalctl -u docker"
                .formatted(endpoint.displayName());
    }

    public static String formatDuration(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + " s"
                : duration.toMillis() + " ms";
    }

    /// The call got no answer.
    public static String callFailed(Endpoint endpoint, String call, Throwable failure) {
        List<Throwable> causes =
                Stream.iterate(failure, t -> t != null, Throwable::getCause).limit(20).toList();
        return tooManyOpenFiles(endpoint, causes)
                .or(() -> tlsFailed(endpoint, causes))
                .or(() ->
                        endpoint.isUnix()
                                ? UnixSocketFailure.at(endpoint.socket())
                                        .message(
                                                hasMessage(causes, "permission denied"),
                                                hasType(causes, ConnectException.class))
                                : tcpConnectionFailed(endpoint, causes))
                .orElseGet(() -> connectionFailed(endpoint, call, causes));
    }

    /// The engine is not at fault. Java passes on only the C library's message.
    private static Optional<String> tooManyOpenFiles(Endpoint endpoint, List<Throwable> causes) {
        return causes.stream()
                        .anyMatch(
                                t -> String.valueOf(t.getMessage()).contains("Too many open files"))
                ? Optional.of(
                        "cannot connect to the engine at %s: writeprobe has too many open files; raise its limit (ulimit -n, LimitNOFILE= of the service)"
                                .formatted(endpoint.displayName()))
                : Optional.empty();
    }

    /// The HTTP client's exception types are internal to docker-java. Only their names distinguish
    /// an invalid answer from a lost connection.
    private static String connectionFailed(Endpoint endpoint, String call, List<Throwable> causes) {
        if (endpoint.isUnix()
                && RUNTIME_SOCKETS.contains(endpoint.socket().getFileName().toString())) {
            return "%s is the socket of a Kubernetes runtime, which does not serve the Docker API: write cri://%s"
                    .formatted(
                            endpoint.displayName(),
                            EngineText.sanitize(endpoint.socket().toString()));
        }
        String tlsHint =
                endpoint.isUnix() || endpoint.tls().isPresent()
                        ? ""
                        : ", or set DOCKER_TLS_VERIFY=1 if it requires TLS";
        if (hasClassNamed(causes, "Protocol", "Malformed", "HttpVersion", "Constraint")) {
            return notAnEngine(endpoint, call) + tlsHint;
        }
        return hasClassNamed(causes, "NoHttpResponse")
                ? "the server at %s closed the connection without a valid answer to %s: the engine was just stopped, or it is not a Docker engine; try again, or %s%s"
                        .formatted(endpoint.displayName(), call, OTHER_ENGINE_HINT, tlsHint)
                : "the connection to the engine at %s broke during %s: was the engine stopped or restarted%s? try again, or see journalctl -u docker"
                        .formatted(endpoint.displayName(), call, clientCertificateHint(endpoint));
    }

    /// A server that rejects a TLS handshake may close the connection before its reason is read.
    private static String clientCertificateHint(Endpoint endpoint) {
        return endpoint.tls()
                .map(tls ->
                        ", or does it not accept the client certificate in "
                                + EngineText.sanitize(tls.directory()))
                .orElse("");
    }

    private static boolean hasClassNamed(List<Throwable> causes, String... parts) {
        return causes.stream()
                .map(t -> t.getClass().getSimpleName())
                .anyMatch(name -> Stream.of(parts).anyMatch(name::contains));
    }

    private static Optional<String> tcpConnectionFailed(Endpoint endpoint, List<Throwable> causes) {
        if (hasType(causes, UnknownHostException.class)) {
            return Optional.of(
                    "cannot resolve the host name of %s: correct the name, or check DNS"
                            .formatted(endpoint.displayName()));
        }
        if (hasType(causes, NoRouteToHostException.class)) {
            return Optional.of(
                    "there is no route to %s: is the host up, and reachable from here?"
                            .formatted(endpoint.displayName()));
        }
        return hasType(causes, ConnectException.class)
                ? Optional.of(
                        "nothing listens on %s: is the engine running there, and is the port right? start it, or %s"
                                .formatted(endpoint.displayName(), OTHER_ENGINE_HINT))
                : Optional.empty();
    }

    private static Optional<String> tlsFailed(Endpoint endpoint, List<Throwable> causes) {
        String files =
                endpoint.tls()
                        .map(Endpoint.Tls::directory)
                        .map(EngineText::sanitize)
                        .orElse("its files");
        String host = endpoint.displayName();
        if (endpoint.tls().isEmpty() || !hasType(causes, SSLException.class)) {
            return Optional.empty();
        }
        if (hasType(causes, CertificateExpiredException.class)
                || hasType(causes, CertificateNotYetValidException.class)) {
            return Optional.of(
                    "the certificate of the engine at %s is expired or not yet valid: renew it, or correct the clock"
                            .formatted(host));
        }
        if (hasType(causes, SSLPeerUnverifiedException.class)
                || hasMessage(causes, "subject alternative", "no name matching")) {
            return Optional.of(
                    "the certificate of the engine at %s is for another host name: use a host name that is in the certificate"
                            .formatted(host));
        }
        if (hasType(causes, CertPathBuilderException.class)
                || hasType(causes, CertPathValidatorException.class)) {
            return Optional.of(
                    "the certificate of the engine at %s is not signed by the CA in %s/ca.pem: put the CA certificate of this engine there"
                            .formatted(host, files));
        }
        if (hasMessage(causes, "unrecognized ssl message", "plaintext")) {
            return Optional.of(
                    "the engine at %s does not speak TLS: unset DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, or use its TLS port"
                            .formatted(host));
        }
        return Optional.of(
                hasMessage(causes, "fatal alert", "bad_certificate", "certificate_required")
                        ? "the engine at %s does not accept the client certificate in %s: put a cert.pem and key.pem there that are signed by the engine's CA"
                                .formatted(host, files)
                        : "the TLS handshake with the engine at %s failed: check that both sides have a protocol version and a cipher in common"
                                .formatted(host));
    }

    private static boolean hasType(List<Throwable> causes, Class<? extends Throwable> type) {
        return causes.stream().anyMatch(type::isInstance);
    }

    private static boolean hasMessage(List<Throwable> causes, String... phrases) {
        return causes.stream()
                .map(t -> String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT))
                .anyMatch(text -> Stream.of(phrases).anyMatch(text::contains));
    }
}
