package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Errors of `recommend` that are found before an engine is contacted.
class RecommendCommandTest {
    @TempDir Path directory;

    private static List<String> usageErrors(String... args) {
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, UTF_8));
        try {
            String[] all =
                    Stream.concat(
                                    Stream.of("recommend", "--host", "unix:///no/such.sock"),
                                    Arrays.stream(args))
                            .toArray(String[]::new);
            assertThat(Main.commandLine(CommandContext.ofProcess()).execute(all)).isEqualTo(2);
        } finally {
            System.setErr(before);
        }
        return err.toString(UTF_8).lines().toList();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--observe 1m                       | name a container, or use --compose-project",
                "web --all                          | cannot be combined: use one of them",
                "--all --compose-project shop       | cannot be combined: use one of them",
                "web --compose-project shop         | cannot be combined: use one of them",
                "web --observe soon                 | --observe soon: write a number and a unit",
                "web --observe -5s                  | --observe -5s: write a number and a unit",
                "web --exercise true                | --exercise has no effect without --prove",
                "web --prove-timeout 1m             | --prove-timeout has no effect without",
                "web --prove-copy 1g                | --prove-copy has no effect without",
                "web --prove --prove-timeout 1s     | --prove-timeout 1s: at least 30s",
                "web --prove --prove-timeout 1h     | --prove-timeout 1h: at most 10m",
                "web --prove --prove-copy 1t        | --prove-copy 1t: write a number and a unit",
                "web db --prove --exercise true     | --exercise works with one container only",
                "--all --prove --exercise true      | --exercise works with one container only",
                "web --format yaml                  | compose, run, swarm, kubernetes, ecs, json",
                "web --output /no/such/dir/file     | there is no directory /no/such/dir",
                "web --known-images /no/such.yml    | /no/such.yml",
                "web --config.file /no/such.yml     | /no/such.yml"
            })
    void aMistakeIsOneLineWithItsRemedy(String args, String expected) {
        assertThat(usageErrors(args.split(" +"))).singleElement().asString().contains(expected);
    }

    @Test
    void anEmptyNameIsNotEveryContainer() {
        assertThat(usageErrors("")).singleElement().asString().contains("name is empty");
        assertThat(usageErrors("--compose-project", ""))
                .singleElement()
                .asString()
                .contains("--compose-project is empty");
        assertThat(usageErrors("web", "--prove", "--exercise", " "))
                .singleElement()
                .asString()
                .contains("--exercise is empty");
    }

    @Test
    void allMistakesAreReportedAtOnceThoseOfTheImagesFileIncluded() throws Exception {
        Path file = Files.writeString(directory.resolve("images.yml"), "imges: []\n");
        assertThat(usageErrors("--observe", "soon", "--known-images", file.toString()))
                .satisfiesExactly(
                        l -> assertThat(l).contains("name a container"),
                        l -> assertThat(l).contains("--observe soon"),
                        l -> assertThat(l).contains("images.yml:1:1: imges: unknown key"));
    }
}
