package io.github.writeprobe.docker.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.ConfigurationReader;
import io.github.writeprobe.engine.BadEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerEnvironmentTest {
    @TempDir Path config;

    private Endpoint endpoint(String... variables) throws BadEndpoint {
        Map<String, String> environment = new HashMap<>();
        environment.put("DOCKER_CONFIG", config.toString());
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new DockerEnvironment(environment).endpoint();
    }

    private Path context(String name, String host) throws Exception {
        String digest =
                java.util.HexFormat.of()
                        .formatHex(
                                java.security.MessageDigest.getInstance("SHA-256")
                                        .digest(
                                                name.getBytes(
                                                        java.nio.charset.StandardCharsets.UTF_8)));
        Path meta = Files.createDirectories(config.resolve("contexts/meta/" + digest));
        Files.writeString(
                meta.resolve("meta.json"),
                "{\"Name\":\"%s\",\"Metadata\":{},\"Endpoints\":{\"docker\":{\"Host\":\"%s\",\"SkipTLSVerify\":false}}}"
                        .formatted(name, host));
        return config.resolve("contexts/tls/" + digest + "/docker");
    }

    @Test
    void withoutAnythingItIsTheStandardSocket() throws Exception {
        assertThat(endpoint().host()).isEqualTo("unix:///var/run/docker.sock");
        assertThat(endpoint("DOCKER_HOST", "", "DOCKER_CONTEXT", "").host())
                .isEqualTo("unix:///var/run/docker.sock");
    }

    @Test
    void dockerHostWinsOverContexts() throws Exception {
        Files.writeString(config.resolve("config.json"), "{\"currentContext\":\"nowhere\"}");
        assertThat(endpoint("DOCKER_HOST", "tcp://engine:2375", "DOCKER_CONTEXT", "nowhere").host())
                .isEqualTo("tcp://engine:2375");
    }

    @Test
    void dockerContextWinsOverTheCurrentOne() throws Exception {
        context("shop", "unix:///run/shop.sock");
        Files.writeString(config.resolve("config.json"), "{\"currentContext\":\"nowhere\"}");
        assertThat(endpoint("DOCKER_CONTEXT", "shop").socket())
                .isEqualTo(Path.of("/run/shop.sock"));
    }

    @Test
    void theCurrentContextLeadsToItsHost() throws Exception {
        context("shop", "tcp://shop:2375");
        Files.writeString(config.resolve("config.json"), "{\"currentContext\":\"shop\"}");
        assertThat(endpoint().uri()).hasToString("tcp://shop:2375");
        assertThat(endpoint("DOCKER_CONTEXT", "default").host())
                .isEqualTo("unix:///var/run/docker.sock");
    }

    @Test
    void aContextThatDoesNotExistIsReported() {
        assertThatThrownBy(() -> endpoint("DOCKER_CONTEXT", "nowhere"))
                .isInstanceOf(BadEndpoint.class)
                .hasMessage(
                        "the context \"nowhere\" (DOCKER_CONTEXT) does not exist: see docker context ls, or name the engine with --host or DOCKER_HOST");
    }

    @Test
    void aCurrentContextThatDoesNotExistIsReported() throws IOException {
        Files.writeString(config.resolve("config.json"), "{\"currentContext\":\"nowhere\"}");
        assertThatThrownBy(() -> endpoint())
                .hasMessageStartingWith(
                        "the context \"nowhere\" (currentContext in "
                                + config
                                + "/config.json) does not exist");
    }

    @Test
    void aContextOverSshIsReported() throws Exception {
        context("far", "ssh://root@far");
        assertThatThrownBy(() -> endpoint("DOCKER_CONTEXT", "far"))
                .hasMessageStartingWith(
                        "the host of the context \"far\" (DOCKER_CONTEXT) \"ssh://root@far\" is not supported: forward the socket");
    }

    @Test
    void aContextsTlsFilesHaveToBeThere() throws Exception {
        Path tls = context("shop", "tcp://shop:2376");
        Files.createDirectories(tls);
        Files.writeString(tls.resolve("ca.pem"), "");
        assertThatThrownBy(() -> endpoint("DOCKER_CONTEXT", "shop"))
                .hasMessageStartingWith(
                        "TLS is enabled, but there is no readable " + tls + "/cert.pem: put");
    }

    @Test
    void brokenConfigurationIsReported() throws IOException {
        Files.writeString(config.resolve("config.json"), "{");
        assertThatThrownBy(() -> endpoint())
                .hasMessageContaining("config.json cannot be read as JSON");
    }

    @Test
    void missingTlsFilesAreNeverIgnored() {
        assertThatThrownBy(() ->
                        endpoint(
                                "DOCKER_HOST",
                                "tcp://engine:2376",
                                "DOCKER_TLS_VERIFY",
                                "1",
                                "DOCKER_CERT_PATH",
                                config + "/none"))
                .isInstanceOf(BadEndpoint.class)
                .hasMessage(
                        "TLS is enabled, but there is no readable %s/none/ca.pem: put ca.pem, cert.pem and key.pem into the directory of DOCKER_CERT_PATH"
                                .formatted(config));
    }

    @Test
    void aSocketNeedsNoTls() throws Exception {
        assertThat(endpoint("DOCKER_TLS_VERIFY", "1").tls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "unix:///run/a b.sock, unix:///run/a%20b.sock",
        "unix:///run/a%20b.sock, unix:///run/a%2520b.sock",
        "tcp://engine, tcp://engine:2375",
        "tcp://engine:1234/prefix, tcp://engine:1234/prefix",
        "tcp://[::1]:2375, tcp://[::1]:2375"
    })
    void aHostIsRead(String host, String uri) throws Exception {
        assertThat(new DockerEnvironment(Map.of()).endpoint(host).uri()).hasToString(uri);
        assertThat(new DockerEnvironment(Map.of()).endpoint(host).host()).isEqualTo(host);
        assertThat(configured(host)).isEqualTo(host);
    }

    /// The configuration file's reader checks the host first, before anything is opened.
    private static String configured(String host) throws ConfigurationException {
        return ConfigurationReader.read("engine: {hosts: ['" + host + "']}", "x.yml")
                .hosts()
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|host is empty: write unix:///PATH/TO/SOCKET or tcp://HOST:PORT",
                "/run/docker.sock|host \"/run/docker.sock\" is a path without a scheme: write unix:///run/docker.sock instead",
                "engine:2375|host \"engine:2375\" has no scheme: write unix:///PATH/TO/SOCKET or tcp://HOST:PORT",
                "unix://run/docker.sock|host \"unix://run/docker.sock\" has no absolute path: write unix:///PATH/TO/SOCKET, with three slashes",
                "unix://|host \"unix://\" has no absolute path: write unix:///PATH/TO/SOCKET, with three slashes",
                "ssh://far|host \"ssh://far\" is not supported: forward the socket, ssh -L /tmp/engine.sock:/var/run/docker.sock HOST, and write unix:///tmp/engine.sock",
                "http://e:1|host \"http://e:1\" is not supported: write tcp://HOST:PORT; DOCKER_TLS_VERIFY=1 turns TLS on",
                "npipe:////./pipe/docker_engine|host \"npipe:////./pipe/docker_engine\" is a Windows pipe, which is not supported: write unix:///PATH/TO/SOCKET or tcp://HOST:PORT",
                "fd://|host \"fd://\" has an unknown scheme: write unix:///PATH/TO/SOCKET or tcp://HOST:PORT",
                "tcp://|host \"tcp://\" cannot be read: write tcp://HOST:PORT",
                "tcp://:2375|host \"tcp://:2375\" names no host and port: write tcp://HOST:PORT",
                "tcp://e:x|host \"tcp://e:x\" names no host and port: write tcp://HOST:PORT",
                "tcp://e:99999|host \"tcp://e:99999\" names no host and port: write tcp://HOST:PORT",
                "tcp://u@e:1|host \"tcp://u@e:1\" names no host and port: write tcp://HOST:PORT"
            })
    void aHostThatCannotBeUsedIsReported(String host, String line) {
        assertThatThrownBy(() -> new DockerEnvironment(Map.of()).endpoint(host))
                .isInstanceOf(BadEndpoint.class)
                .hasMessage(line);
        assertThatThrownBy(() -> configured(host))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("x.yml:1:18: engine.hosts[0]: found ");
    }
}
