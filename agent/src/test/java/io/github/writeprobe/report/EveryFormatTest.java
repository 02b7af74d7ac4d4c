package io.github.writeprobe.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.metrics.BuildInfoLabels;
import io.github.writeprobe.metrics.PathSeriesScope;
import io.github.writeprobe.metrics.PrometheusTextfileFormat;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.report.html.HtmlFormat;
import io.github.writeprobe.text.TerminalStyle;
import io.github.writeprobe.text.UntrustedText;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every format has to satisfy that is written to a file or a terminal.
class EveryFormatTest {
    private static Stream<ReportFormat> formats() {
        return Stream.of(
                new JsonFormat(),
                new SarifFormat(),
                new JunitFormat(Severity.HIGH),
                new MarkdownFormat(),
                new HtmlFormat(),
                new TableFormat(TerminalStyle.PLAIN),
                new TableFormat(new TerminalStyle(false, true, 60)));
    }

    private static Stream<ReportFormat> formatsAndSeries() {
        // The syntax of Prometheus has no escapes for characters, so labels contain them unescaped.
        return Stream.concat(
                formats(),
                Stream.of(
                        new PrometheusTextfileFormat(
                                new BuildInfoLabels("1.2.3", "abcdef", "25"),
                                PathSeriesScope.ALL)));
    }

    private static Stream<ReportFormat> formatsAndExplanations() {
        return Stream.concat(formats(), Stream.of(new ExplanationFormat(TerminalStyle.PLAIN)));
    }

    @ParameterizedTest
    @MethodSource("formatsAndExplanations")
    void nothingInvisibleComesOutButNewlines(ReportFormat format) {
        for (String name : Reports.all().keySet()) {
            List<String> raw =
                    Rendered.text(format, name)
                            .codePoints()
                            .filter(c ->
                                    c != '\n'
                                            && !UntrustedText.escape(Character.toString(c))
                                                    .equals(Character.toString(c)))
                            .mapToObj(Integer::toHexString)
                            .toList();
            assertThat(raw).as(name).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("formatsAndSeries")
    void theLastLineIsWhole(ReportFormat format) {
        for (String name : Reports.all().keySet()) {
            assertThat(Rendered.text(format, name)).endsWith("\n").doesNotEndWith("\n\n");
        }
    }

    @ParameterizedTest
    @MethodSource("formatsAndSeries")
    void theWriterIsFlushedAndStaysOpen(ReportFormat format) throws IOException {
        Watched out = new Watched();
        format.write(Reports.mixed(), out);
        assertThat(out.flushed).isTrue();
        assertThat(out.closed).isFalse();
    }

    @ParameterizedTest
    @MethodSource("formatsAndSeries")
    void theSameReportGivesTheSameText(ReportFormat format) {
        assertThat(Rendered.text(format, Reports.mixed()))
                .isEqualTo(Rendered.text(format, Reports.mixed()));
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 100, 160})
    void noLineIsWiderThanTheTerminal(int columns) {
        for (boolean symbols : new boolean[] {true, false}) {
            TerminalStyle style = new TerminalStyle(false, symbols, columns);
            for (ReportFormat format :
                    List.of(new TableFormat(style), new ExplanationFormat(style))) {
                for (String name : Reports.all().keySet()) {
                    assertThat(Rendered.text(format, name).lines())
                            .as(name)
                            .allMatch(line -> UntrustedText.width(line) <= columns);
                }
            }
        }
    }

    @Test
    void asciiComesOutWhereOnlyAsciiCanBePrinted() {
        TerminalStyle ascii = new TerminalStyle(false, false, 80);
        for (ReportFormat format : List.of(new TableFormat(ascii), new ExplanationFormat(ascii))) {
            for (String name : Reports.all().keySet()) {
                assertThat(Rendered.text(format, name)).as(name).matches("[\\x20-\\x7e\\n]*");
            }
        }
    }

    private static final class Watched extends StringWriter {
        private boolean flushed;
        private boolean closed;

        @Override
        public void write(String text, int from, int length) {
            flushed = false;
            super.write(text, from, length);
        }

        @Override
        public void flush() {
            flushed = true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
