package io.github.writeprobe.docker.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.text.EngineText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads from the environment which engine to use, as the docker command does.
///
/// docker-java resolves the environment too, and builds TLS from the files. But it silently ignores
/// a context that does not exist and missing TLS files, and then uses another engine, or no TLS.
/// These cases are checked here.
///
/// @see <a href="https://docs.docker.com/reference/cli/docker/#environment-variables">docker</a>
public final class DockerEnvironment {
    private static final String DEFAULT_HOST = "unix:///var/run/docker.sock";
    private static final int DEFAULT_PORT = 2375;
    private static final int DEFAULT_TLS_PORT = 2376;
    private static final List<String> TLS_FILES = List.of("ca.pem", "cert.pem", "key.pem");
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, String> variables;

    public DockerEnvironment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /// Whether the environment says which engine to use. Otherwise it is the default one.
    public boolean selectsEngine() throws BadEndpoint {
        return variable("DOCKER_HOST").isPresent() || context().isPresent();
    }

    /// The engine that the environment selects.
    public Endpoint endpoint() throws BadEndpoint {
        Optional<String> host = variable("DOCKER_HOST");
        if (host.isPresent()) {
            return hostEndpoint(host.get(), "DOCKER_HOST");
        }
        Optional<String> contextVariable = variable("DOCKER_CONTEXT");
        Optional<String> context = context();
        if (context.isPresent()) {
            return contextEndpoint(
                    context.get(),
                    contextVariable.isPresent()
                            ? "DOCKER_CONTEXT"
                            : "currentContext in " + configDirectory().resolve("config.json"));
        }
        return hostEndpoint(DEFAULT_HOST, "the default host");
    }

    /// The engine with this host. TLS still depends on the environment.
    public Endpoint endpoint(String host) throws BadEndpoint {
        return hostEndpoint(host, "host");
    }

    private Endpoint hostEndpoint(String host, String origin) throws BadEndpoint {
        boolean useTls =
                variable("DOCKER_TLS_VERIFY").isPresent()
                        || variable("DOCKER_CERT_PATH").isPresent();
        URI uri = Endpoint.parse(host, origin, useTls ? DEFAULT_TLS_PORT : DEFAULT_PORT);
        DefaultDockerClientConfig.Builder config =
                new DefaultDockerClientConfig.Builder().withDockerHost(uri.toString());
        if (!useTls || !"tcp".equals(uri.getScheme())) {
            return new Endpoint(host, build(config).getDockerHost(), Optional.empty());
        }
        Path files = variable("DOCKER_CERT_PATH").map(Path::of).orElseGet(this::configDirectory);
        return tlsEndpoint(
                host,
                config.withDockerTlsVerify(true).withDockerCertPath(files.toString()),
                files,
                "DOCKER_CERT_PATH");
    }

    private Endpoint contextEndpoint(String context, String origin) throws BadEndpoint {
        Path contexts = configDirectory().resolve("contexts");
        Path meta = contexts.resolve("meta").resolve(digest(context)).resolve("meta.json");
        String description =
                "the context \"" + EngineText.sanitize(context) + "\" (" + origin + ")";
        if (!Files.exists(meta)) {
            throw new BadEndpoint(
                    description
                            + " does not exist: see docker context ls, or name the engine with"
                            + " --host or DOCKER_HOST");
        }
        String host = readJson(meta).path("Endpoints").path("docker").path("Host").asText("");
        Path files = contexts.resolve("tls").resolve(digest(context)).resolve("docker");
        boolean useTls = Files.isDirectory(files);
        URI uri =
                Endpoint.parse(
                        host,
                        "the host of " + description,
                        useTls ? DEFAULT_TLS_PORT : DEFAULT_PORT);
        DefaultDockerClientConfig.Builder config =
                new DefaultDockerClientConfig.Builder()
                        .withDockerHost(uri.toString())
                        .withDockerConfig(configDirectory().toString())
                        .withDockerContext(context);
        return useTls && "tcp".equals(uri.getScheme())
                ? tlsEndpoint(host, config, files, description)
                : new Endpoint(host, uri, Optional.empty());
    }

    private static Endpoint tlsEndpoint(
            String host, DefaultDockerClientConfig.Builder config, Path files, String origin)
            throws BadEndpoint {
        for (String file : TLS_FILES) {
            if (!Files.isReadable(files.resolve(file))) {
                throw new BadEndpoint(
                        "TLS is enabled, but there is no readable "
                                + EngineText.sanitize(files.resolve(file).toString())
                                + ": put ca.pem, cert.pem and key.pem into the directory of "
                                + origin);
            }
        }
        DefaultDockerClientConfig built = build(config);
        return new Endpoint(
                host,
                built.getDockerHost(),
                Optional.of(new Endpoint.Tls(files.toString(), built.getSSLConfig())));
    }

    private static DefaultDockerClientConfig build(DefaultDockerClientConfig.Builder config)
            throws BadEndpoint {
        try {
            return config.build();
        } catch (RuntimeException e) {
            throw new BadEndpoint(
                    "the Docker configuration cannot be used: "
                            + EngineText.sanitize(String.valueOf(e.getMessage())));
        }
    }

    private Optional<String> context() throws BadEndpoint {
        Optional<String> named = variable("DOCKER_CONTEXT");
        return (named.isPresent() ? named : currentContext())
                .filter(name -> !name.equals("default"));
    }

    private Optional<String> currentContext() throws BadEndpoint {
        Path file = configDirectory().resolve("config.json");
        return Files.exists(file)
                ? Optional.of(readJson(file).path("currentContext").asText("").strip())
                        .filter(name -> !name.isEmpty())
                : Optional.empty();
    }

    private static JsonNode readJson(Path file) throws BadEndpoint {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new BadEndpoint(
                    EngineText.sanitize(file.toString())
                            + " cannot be read as JSON: correct it, or name the engine with --host"
                            + " or DOCKER_HOST");
        }
    }

    private Path configDirectory() {
        return variable("DOCKER_CONFIG")
                .map(Path::of)
                .orElseGet(() ->
                        Path.of(
                                variable("HOME").orElse(System.getProperty("user.home", "/")),
                                ".docker"));
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    /// The directory of a context is the SHA-256 of its name.
    private static String digest(String context) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(context.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
