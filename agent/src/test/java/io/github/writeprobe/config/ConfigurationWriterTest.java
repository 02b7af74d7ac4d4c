package io.github.writeprobe.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.policy.ContainerPolicyRule;
import io.github.writeprobe.policy.ContainerSelector;
import io.github.writeprobe.policy.Policy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationWriterTest {
    static List<Path> valid() {
        return TestFiles.withPrefix("valid-");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void whatIsWrittenReadsBackAsTheSame(Path file) throws Exception {
        Configuration configuration = ConfigurationReader.read(file);

        assertThat(withoutRuleNames(roundTrip(configuration)))
                .isEqualTo(withoutRuleNames(configuration));
    }

    @Test
    void everyKeyIsWritten() {
        assertThat(ConfigurationWriter.render(Configuration.DEFAULT))
                .isEqualTo(
                        """
                        engine:
                          hosts: []
                        probe:
                          witness: auto
                          interval: 1m
                          exec-interval: 15m
                          full-interval: 5m
                          timeout: 5s
                          concurrency: 4
                          paths:
                            - /tmp
                            - /var/tmp
                            - /run
                            - /dev
                            - /dev/shm
                            - /etc
                            - /usr
                            - /home
                            - /root
                          execute: true
                          exec-as-root: false
                          pod-sandboxes: false
                          mount-actors: true
                          sidecar-image: null
                        policy:
                          fail-on: high
                          honour-labels: false
                          rules: []
                          waivers: []
                        metrics:
                          paths: findings
                        web:
                          listen-address: 127.0.0.1:9714
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "true",
                "null",
                "~",
                "1.0",
                "0x10",
                "2027-03-31",
                "- a",
                "a: b",
                "a #b",
                "*a",
                "&a",
                "!a",
                "%a",
                "@a",
                "`a",
                "'",
                "\"",
                "\\",
                "[",
                "{",
                "a\nb",
                "\t",
                "\0",
                "\u0085",
                "\u2028",
                "\uFEFF",
                "\u001b[31m",
                "😀",
                "yes",
                "<<",
                "=",
                "---",
                "..."
            })
    void textsAreQuotedWhereTheyHaveToBe(String text) throws Exception {
        assertThat(patternAfterRoundTrip(text)).isEqualTo(text);
    }

    @Test
    void textsOfAnyCharactersReadBackAsTheSame() throws Exception {
        Random random = new Random(20_261_123);
        for (int round = 0; round < 500; round++) {
            String text =
                    random.ints(random.nextInt(1, 120), 0, 0x3000)
                            .collect(
                                    StringBuilder::new,
                                    StringBuilder::appendCodePoint,
                                    StringBuilder::append)
                            .toString();
            assertThat(patternAfterRoundTrip(text)).isEqualTo(text);
        }
    }

    private static String patternAfterRoundTrip(String text) throws ConfigurationException {
        ContainerPolicyRule rule =
                new ContainerPolicyRule(
                        "",
                        new ContainerSelector(Map.of("container", text)),
                        Access.READ_ONLY,
                        Optional.empty(),
                        List.of());
        Configuration d = Configuration.DEFAULT;
        Policy policy = new Policy(d.policy().failOn(), false, List.of(rule), List.of());
        Configuration read =
                roundTrip(new Configuration(d.hosts(), d.probe(), policy, d.metrics(), d.web()));
        return String.valueOf(read.policy().rules().getFirst().match().patterns().get("container"));
    }

    private static Configuration roundTrip(Configuration configuration)
            throws ConfigurationException {
        return ConfigurationReader.read(ConfigurationWriter.render(configuration), "shown.yml");
    }

    private static Configuration withoutRuleNames(Configuration c) {
        List<ContainerPolicyRule> rules =
                c.policy().rules().stream()
                        .map(r ->
                                new ContainerPolicyRule(
                                        "", r.match(), r.rootfs(), r.writable(), r.noexec()))
                        .toList();
        return new Configuration(
                c.hosts(),
                c.probe(),
                new Policy(
                        c.policy().failOn(),
                        c.policy().honourLabels(),
                        rules,
                        c.policy().waivers()),
                c.metrics(),
                c.web());
    }
}
