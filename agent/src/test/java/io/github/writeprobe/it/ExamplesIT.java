package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.github.writeprobe.docs.Documents;
import io.github.writeprobe.docs.Documents.Block;
import io.github.writeprobe.docs.Documents.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs the commands of the documents. Names, hosts and times are replaced; the rest is unchanged.
class ExamplesIT {
    /// Compliant, findings, or unverified: every exit code except that for wrong usage.
    private static final List<Integer> ANSWERED = List.of(0, 1, 3);

    @AutoClose private static Lab lab;
    private static Path work;
    private static final Map<String, String> REPLACEMENTS = new HashMap<>();

    @BeforeAll
    static void open() throws IOException {
        lab = Lab.open();
        work = lab.directory("work");
        Files.copy(Documents.ROOT.resolve("config/writeprobe.yml"), work.resolve("writeprobe.yml"));
        Files.writeString(work.resolve("web.yml"), "basic_auth_users: {}\n");
        String web =
                lab.start(
                        Lab.Image.BUSYBOX,
                        "--label",
                        "com.docker.compose.project=shop",
                        "--label",
                        "com.docker.compose.service=web",
                        "--label",
                        "writeprobe.demo=demo");
        String db = lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp");
        String engine =
                Optional.ofNullable(System.getenv("DOCKER_HOST"))
                        .orElse("unix:///var/run/docker.sock");
        REPLACEMENTS.putAll(
                Map.of(
                        "web", web,
                        "db", db,
                        "shop/web-7d4b9/nginx", web,
                        "wpdocs-blog", db,
                        "wpdocs-root", web,
                        "unix:///var/run/docker.sock", engine,
                        "tcp://10.0.0.5:2376", engine,
                        "10m", "2s",
                        "10s", "2s"));
    }

    private static String replacement(String word) {
        return word.startsWith("label=writeprobe.demo=")
                ? "label=writeprobe.demo=demo"
                : REPLACEMENTS.getOrDefault(word, word);
    }

    /// Each command once, without those that run until they are stopped. Commands with a proof take
    /// long, and have tests of their own.
    static Stream<List<String>> commands() {
        return Documents.commands().stream()
                .map(Command::words)
                .map(ExamplesIT::shortened)
                .filter(w -> !w.contains("--watch") && !w.contains("--prove"))
                .filter(w -> !w.getFirst().equals("agent") || w.contains("--config.check"))
                .distinct();
    }

    private static List<String> shortened(List<String> words) {
        return words.getFirst().equals("recommend") && !words.contains("--observe")
                ? Stream.concat(words.stream(), Stream.of("--observe", "1s")).toList()
                : words;
    }

    @ParameterizedTest
    @MethodSource("commands")
    @Execution(CONCURRENT)
    void documentedCommandsRun(List<String> words) {
        Lab.Run run =
                runInWorkDirectory(
                        Lab.command(
                                words.stream()
                                        .map(ExamplesIT::replacement)
                                        .toArray(String[]::new)));
        assertThat(run.code()).as(run.output()).isIn(ANSWERED);
        assertThat(run.output()).doesNotContain("internal error");
    }

    private static Lab.Run runInWorkDirectory(List<String> command) {
        return Lab.run(
                Map.of(),
                Stream.concat(Stream.of("env", "-C", work.toString()), command.stream()).toList());
    }

    static Stream<Block> foreign() {
        return Documents.blocks().stream()
                .filter(b -> b.language().equals("yaml"))
                .filter(b ->
                        b.text().lines().anyMatch(l -> l.matches("(services|scrape_configs):")));
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void documentedComposeAndPrometheusFilesAreValid(Block block) throws IOException {
        Path file = Files.createTempFile(work, "example", ".yml");
        Files.writeString(file, block.text());
        String checking =
                block.text().contains("services:")
                        ? "docker-compose -f \"$0\" config -q"
                        : "promtool check config --syntax-only \"$0\"";
        Lab.Run run = runInWorkDirectory(List.of("sh", "-c", checking, file.toString()));
        assertThat(run.code()).as(run.output()).isZero();
    }
}
