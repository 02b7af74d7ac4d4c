package io.github.writeprobe.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.OpenSsl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When a changed file takes effect, and when it does not.
class ReloadingWebConfigurationTest {
    private static final String HASH =
            "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";
    private static final String SERVER = "cert_file: server.crt, key_file: server.key";

    @TempDir Path directory;
    private OpenSsl openssl = new OpenSsl(Path.of("."));

    @BeforeEach
    void makeCertificates() throws Exception {
        openssl = new OpenSsl(directory);
        openssl.authority("server");
    }

    private Path write(String text) throws Exception {
        return Files.writeString(directory.resolve("web.yml"), text);
    }

    private static X509Certificate certificate(ReloadingWebConfiguration settings) {
        return settings.current().configuration().tls().orElseThrow().identity().chain().getFirst();
    }

    @Test
    void aChangedFileCountsAtOnce() throws Exception {
        ReloadingWebConfiguration settings =
                new ReloadingWebConfiguration(
                        Optional.of(write("basic_auth_users: {a: " + HASH + "}")));
        assertThat(settings.current().configuration().users()).containsOnlyKeys("a");

        write("basic_auth_users: {bob: " + HASH + "}");

        assertThat(settings.current().configuration().users()).containsOnlyKeys("bob");
    }

    @Test
    void aBadFileChangesNothingUntilItIsMended() throws Exception {
        ReloadingWebConfiguration settings =
                new ReloadingWebConfiguration(
                        Optional.of(write("basic_auth_users: {a: " + HASH + "}")));

        write("basic_auth_user: {}");
        assertThat(settings.current().configuration().users()).containsOnlyKeys("a");

        Files.delete(directory.resolve("web.yml"));
        assertThat(settings.current().configuration().users()).containsOnlyKeys("a");

        write("basic_auth_users: {bob: " + HASH + "}");
        assertThat(settings.current().configuration().users()).containsOnlyKeys("bob");
    }

    @Test
    void aRenewedCertificateCountsOnceItsKeyIsThere() throws Exception {
        ReloadingWebConfiguration settings =
                new ReloadingWebConfiguration(
                        Optional.of(write("tls_server_config: {" + SERVER + "}")));
        X509Certificate old = certificate(settings);
        openssl.authority("renewed");

        replace("renewed.crt", "server.crt");
        assertThat(certificate(settings)).isEqualTo(old);

        replace("renewed.key", "server.key");
        assertThat(certificate(settings)).isNotEqualTo(old);
    }

    private void replace(String from, String to) throws Exception {
        Files.move(
                directory.resolve(from),
                directory.resolve(to),
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aFileThatDoesNotChangeKeepsItsSessionsAndItsLimits() throws Exception {
        ReloadingWebConfiguration settings =
                new ReloadingWebConfiguration(
                        Optional.of(
                                write(
                                        "tls_server_config: {"
                                                + SERVER
                                                + "}\nrate_limit: {interval: 1h, burst: 1}")));

        assertThat(settings.current()).isSameAs(settings.current());
        assertThat(settings.current().bucket().orElseThrow().tryAcquire()).isTrue();
        assertThat(settings.current().bucket().orElseThrow().tryAcquire()).isFalse();
    }

    @Test
    void tlsIsNotSwitchedOffBehindTheServersBack() throws Exception {
        ReloadingWebConfiguration settings =
                new ReloadingWebConfiguration(
                        Optional.of(write("tls_server_config: {" + SERVER + "}")));

        write("");

        assertThat(settings.current().tls()).isPresent();
    }
}
