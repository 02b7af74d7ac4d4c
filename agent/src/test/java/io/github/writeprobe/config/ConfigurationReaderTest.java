package io.github.writeprobe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.writeprobe.config.Configuration.Metrics;
import io.github.writeprobe.config.Configuration.Probe;
import io.github.writeprobe.config.Configuration.Web;
import io.github.writeprobe.metrics.PathSeriesScope;
import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.WaiverNote;
import io.github.writeprobe.policy.ContainerPolicyRule;
import io.github.writeprobe.policy.ContainerSelector;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.policy.Waiver;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probing.ProbeSettings;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {
    private static final Configuration ALL_DEFAULTS =
            new Configuration(
                    List.of(),
                    new Probe(
                            Duration.ofSeconds(60),
                            Duration.ofMinutes(15),
                            true,
                            new ProbeSettings(
                                    Optional.empty(),
                                    List.of(
                                            "/tmp",
                                            "/var/tmp",
                                            "/run",
                                            "/dev",
                                            "/dev/shm",
                                            "/etc",
                                            "/usr",
                                            "/home",
                                            "/root"),
                                    Duration.ofMinutes(5),
                                    Duration.ofSeconds(5),
                                    4,
                                    true,
                                    false,
                                    false,
                                    Optional.empty())),
                    new Policy(Severity.HIGH, false, List.of(), List.of()),
                    new Metrics(PathSeriesScope.FINDINGS),
                    new Web("127.0.0.1:9714"));

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "# nothing\n", "---\n", "~", "{}", "\uFEFF", "\uFEFFprobe: {}"})
    void missingKeysHaveTheirDefaults(String text) throws Exception {
        assertThat(ConfigurationReader.read(text, "empty.yml")).isEqualTo(ALL_DEFAULTS);
    }

    @Test
    void sectionsWithoutKeysHaveTheirDefaults() throws Exception {
        assertThat(read("valid-empty-sections.yml")).isEqualTo(ALL_DEFAULTS);
    }

    @Test
    void theShippedFileHasTheDefaults() throws Exception {
        try (InputStream shipped =
                Objects.requireNonNull(Configuration.class.getResourceAsStream("writeprobe.yml"))) {
            String text = new String(shipped.readAllBytes(), StandardCharsets.UTF_8);

            assertThat(ConfigurationReader.read(text, "writeprobe.yml")).isEqualTo(ALL_DEFAULTS);
            assertThat(text)
                    .isEqualTo(TestFiles.text(Path.of("../config/writeprobe.yml")))
                    .contains(ConfigurationKeys.PROBE);
        }
    }

    @Test
    void theCommentedExamplesOfTheShippedFileAreValid() throws Exception {
        String text =
                TestFiles.text(Path.of("../config/writeprobe.yml"))
                        .replaceAll("(rules|waivers): \\[]", "$1:")
                        .replaceAll("(?m)^  # (- match|  )", "  $1");

        Policy policy = ConfigurationReader.read(text, "writeprobe.yml").policy();

        assertThat(policy.rules()).hasSize(1);
        assertThat(policy.waivers()).hasSize(1);
    }

    @Test
    void everyKeyIsRead() throws Exception {
        assertThat(read("valid-complete.yml"))
                .isEqualTo(
                        new Configuration(
                                List.of("unix:///var/run/docker.sock", "tcp://10.0.0.5:2376"),
                                new Probe(
                                        Duration.ofSeconds(90),
                                        Duration.ofHours(1),
                                        false,
                                        new ProbeSettings(
                                                Optional.of(WitnessName.EXEC),
                                                List.of("/tmp", "/srv/data", "/run"),
                                                Duration.ofMinutes(2),
                                                Duration.ofMillis(1500),
                                                8,
                                                false,
                                                true,
                                                true,
                                                Optional.of("busybox:1.36"))),
                                new Policy(Severity.MEDIUM, true, rules(), waivers()),
                                new Metrics(PathSeriesScope.ALL),
                                new Web("[::1]:9714")));
    }

    private static List<ContainerPolicyRule> rules() {
        return List.of(
                new ContainerPolicyRule(
                        "rule 1 (valid-complete.yml:20)",
                        new ContainerSelector(
                                Map.of(
                                        "image", "postgres:*",
                                        "compose-project", "*",
                                        "label:tier", "db")),
                        Access.READ_ONLY,
                        Optional.of(List.of("/var/lib/postgresql/data", "/tmp")),
                        List.of("/tmp")),
                new ContainerPolicyRule(
                        "rule 2 (valid-complete.yml:24)",
                        new ContainerSelector(Map.of("container", "scratch-?")),
                        Access.WRITABLE,
                        Optional.empty(),
                        List.of()),
                new ContainerPolicyRule(
                        "rule 3 (valid-complete.yml:26)",
                        ContainerSelector.ANY,
                        Access.READ_ONLY,
                        Optional.of(List.of()),
                        List.of()));
    }

    private static List<Waiver> waivers() {
        return List.of(
                new Waiver(
                        new ContainerSelector(Map.of("container", "legacy-billing")),
                        Set.of(FindingKind.EXPOSED, FindingKind.BYPASSABLE),
                        List.of("/", "/data/*/cache"),
                        new WaiverNote(
                                "vendor image, replaced in Q1",
                                "payments",
                                Optional.of(LocalDate.of(2027, 3, 31)))),
                new Waiver(
                        new ContainerSelector(Map.of("self", "true")),
                        Set.of(),
                        List.of(),
                        new WaiverNote("all: of it", "me", Optional.empty())));
    }

    @Test
    void rulesMayShareAListByAlias() throws Exception {
        assertThat(read("valid-shared-by-alias.yml").policy().rules())
                .allSatisfy(r -> assertThat(r.writable()).contains(List.of("/tmp", "/run")));
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = folder.resolve("absent.yml");

        assertThat(mistakes(file)).containsExactly(file + ": does not exist; check the path");
    }

    @Test
    void aDirectoryIsRefused() {
        assertThat(mistakes(folder))
                .containsExactly(folder + ": is a directory; name the file in it");
    }

    @Test
    void aFileThatFailsToReadIsNamed() {
        // Reading another process's memory at 0 fails for every user.
        Path file = Path.of("/proc/self/mem");

        assertThat(mistakes(file))
                .singleElement()
                .asString()
                .startsWith("/proc/self/mem: cannot be read: ");
    }

    @Test
    void aFileThatIsTooLargeIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("large.yml"), "#".repeat((1 << 20) + 1));

        assertThat(mistakes(file))
                .containsExactly(
                        file + ": is larger than 1 MiB; this is not a configuration of writeprobe");
    }

    @Test
    void bytesThatAreNotUtf8ArePlaced() throws Exception {
        Path file = folder.resolve("latin1.yml");
        Files.write(file, "a: ü\nreason: für".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(mistakes(file))
                .containsExactly(
                        file + ":1:4: the byte 0xfc is not valid UTF-8; save the file as UTF-8");
    }

    @Test
    void aFileThatEndsWithinACharacterIsRefused() throws Exception {
        Path file = Files.write(folder.resolve("cut.yml"), new byte[] {'#', (byte) 0xc3});

        assertThat(mistakes(file))
                .containsExactly(
                        file + ":1:2: the byte 0xc3 is not valid UTF-8; save the file as UTF-8");
    }

    @Test
    void controlCharactersArePlaced() {
        assertThat(mistakes("web:\n  # 😀 \u0000\n"))
                .containsExactly(
                        "x.yml:2:7: not valid YAML: found the control character \"\\u0000\";"
                                + " write it as an escape sequence in a string in double quotes");
    }

    private static Configuration read(String name) throws ConfigurationException {
        return ConfigurationReader.read(TestFiles.text(TestFiles.folder().resolve(name)), name);
    }

    private static List<String> mistakes(Path file) {
        return catchThrowableOfType(
                        ConfigurationException.class, () -> ConfigurationReader.read(file))
                .mistakes();
    }

    private static List<String> mistakes(String text) {
        return catchThrowableOfType(
                        ConfigurationException.class, () -> ConfigurationReader.read(text, "x.yml"))
                .mistakes();
    }
}
