package io.github.writeprobe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Certificates and keys that openssl makes, in a directory.
public record OpenSsl(Path directory) {
    private static final String EC = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";

    /// Runs openssl with words that have no blanks in them.
    public void run(String command) {
        List<String> words =
                Stream.concat(Stream.of("openssl"), Stream.of(command.split(" ", -1))).toList();
        try {
            Process process =
                    new ProcessBuilder(words)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// `NAME.crt` and `NAME.key` of an authority.
    public void authority(String name) {
        run(
                "req -x509 %s -days 30 -subj /CN=%s -keyout %s.key -out %s.crt"
                        .formatted(EC, name, name, name));
    }

    /// `NAME.crt` and `NAME.key` signed by an authority.
    ///
    /// @param extension as openssl writes them, `subjectAltName=IP:127.0.0.1`
    public void signed(String name, String authority, String extension) throws IOException {
        Files.writeString(directory.resolve(name + ".ext"), extension + "\n");
        run("req %s -subj /CN=%s -keyout %s.key -out %s.csr".formatted(EC, name, name, name));
        run(
                "x509 -req -in %s.csr -CA %s.crt -CAkey %s.key -CAcreateserial -days 30 -extfile %s.ext -out %s.crt"
                        .formatted(name, authority, authority, name, name));
    }
}
