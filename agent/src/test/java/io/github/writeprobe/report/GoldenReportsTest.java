package io.github.writeprobe.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whole outputs, one file for each case and format. `-Dgolden.update=true` writes them anew, to be
/// read before they are committed.
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
            default -> throw new IllegalArgumentException(extension);
        };
    }
}
