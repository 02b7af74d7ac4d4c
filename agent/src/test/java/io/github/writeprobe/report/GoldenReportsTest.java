package io.github.writeprobe.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.metrics.BuildInfoLabels;
import io.github.writeprobe.metrics.PathSeriesScope;
import io.github.writeprobe.metrics.PrometheusTextfileFormat;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.text.TerminalStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Compares whole outputs with golden files, one for each case and format. `-Dgolden.update=true`
/// rewrites them; read them before you commit them.
class GoldenReportsTest {
    private static final Path GOLDEN =
            Path.of("src/test/resources/io/github/writeprobe/report").toAbsolutePath();

    @ParameterizedTest
    @CsvSource({
        "empty.json",
        "compliant.json",
        "mixed.json",
        "hostile.json",
        "empty.sarif",
        "mixed.sarif",
        "hostile.sarif",
        "empty.junit.xml",
        "compliant.junit.xml",
        "mixed.junit.xml",
        "hostile.junit.xml",
        "empty.md",
        "compliant.md",
        "mixed.md",
        "hostile.md",
        "empty.prom",
        "mixed.prom",
        "hostile.prom",
        "empty.80.txt",
        "compliant.80.txt",
        "mixed.80.txt",
        "many.80.txt",
        "hostile.80.txt",
        "empty.200.txt",
        "compliant.200.txt",
        "mixed.200.txt",
        "many.200.txt",
        "hostile.200.txt",
        "mixed.colour.txt",
        "mixed.ascii.txt",
        "mixed.explain-api.txt",
        "mixed.explain-api-data.txt",
    })
    void outputIsTheGoldenFile(String file) throws IOException {
        int dot = file.indexOf('.');
        String text = Rendered.text(format(file.substring(dot + 1)), file.substring(0, dot));
        Path golden = GOLDEN.resolve(file);
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }

    private static ReportFormat format(String extension) {
        return switch (extension) {
            case "json" -> new JsonFormat();
            case "sarif" -> new SarifFormat();
            case "junit.xml" -> new JunitFormat(Severity.HIGH);
            case "md" -> new MarkdownFormat();
            case "prom" ->
                    new PrometheusTextfileFormat(
                            new BuildInfoLabels("1.2.3", "abcdef", "25"), PathSeriesScope.FINDINGS);
            case "80.txt" -> new TableFormat(new TerminalStyle(false, true, 80));
            case "200.txt" -> new TableFormat(new TerminalStyle(false, true, 200));
            case "colour.txt" -> new TableFormat(new TerminalStyle(true, true, 80));
            case "ascii.txt" -> new TableFormat(new TerminalStyle(false, false, 80));
            case "explain-api.txt" ->
                    new ExplanationFormat(
                            new TerminalStyle(false, true, 80),
                            Optional.of("api"),
                            Optional.empty());
            case "explain-api-data.txt" ->
                    new ExplanationFormat(
                            new TerminalStyle(false, true, 80),
                            Optional.of("api"),
                            Optional.of("/data"));
            default -> throw new IllegalArgumentException(extension);
        };
    }
}
