package io.github.writeprobe.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Severity;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownFormatTest {
    private static final Pattern CODE = Pattern.compile("`[^`\n]+`");
    private static final Pattern ESCAPED = Pattern.compile("\\\\[\\\\`*_\\[\\]|~$]");

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "empty > no running container was found.",
                "compliant > 2 of 2 containers comply.",
                "mixed > **3 of 7 containers violate policy**, **2 could not be verified**,"
                        + " **1 engine did not answer**, 2 comply, 2 pause containers of"
                        + " pods and 1 helper of writeprobe excluded.",
            })
    void theFirstLineIsTheSummary(String name, String summary) {
        assertThat(Rendered.text(new MarkdownFormat(), name).lines().findFirst())
                .hasValue("**writeprobe:** " + summary);
    }

    @Test
    void lowFindingsAreSummedUpInALine() {
        assertThat(Rendered.text(new MarkdownFormat(), "mixed"))
                .contains("2 findings of low severity: 1 unwritable, 1 expired-waiver.")
                .doesNotContain("Change the owner");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "a_b > a\\_b",
                "**b** > \\*\\*b\\*\\*",
                "[l](//x) > \\[l\\](//x)",
                "a|b > a\\|b",
                "`x` > \\`x\\`",
                "@octocat > @&#8203;octocat",
                "o/r#1 > o/r#&#8203;1",
                "!1 > !&#8203;1",
                "~bug > \\~&#8203;bug",
                "https://x.example > https:&#8203;//x.example",
                "WWW.x.example > WWW&#8203;.x.example",
                "&lt; > &amp;&#8203;lt;",
                ":tada: > :&#8203;tada:",
                "tmpfs: /tmp:noexec > tmpfs: /tmp:noexec",
                "read-only, 1.27 > read-only, 1.27",
            })
    void proseIsText(String untrusted, String markdown) {
        assertThat(MarkdownText.prose(untrusted)).isEqualTo(markdown);
    }

    @Test
    void angleBracketsAreEntities() {
        assertThat(MarkdownText.prose("<img>")).isEqualTo("&lt;img&gt;");
    }

    @Test
    void codeCannotBeEnded() {
        assertThat(MarkdownText.code("a`b|c\nd")).isEqualTo("`a\\x60b\\x7cc\\nd`");
        assertThat(MarkdownText.code(" ")).isEqualTo("(none)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixed", "hostile"})
    void everyRowHasAsManyCellsAsItsHead(String name) {
        int cells = 0;
        for (String line : skeleton(name).lines().toList()) {
            int pipes = (int) line.chars().filter(c -> c == '|').count();
            if (pipes == 0) {
                cells = 0;
            } else if (cells == 0) {
                cells = pipes;
            }
            assertThat(pipes).as(line).isEqualTo(cells);
        }
    }

    @Test
    void untrustedTextAddsNoMarkup() {
        String ours =
                skeleton("hostile")
                        .replace("**", "")
                        .replaceAll("</?(details|summary|sub)>", "")
                        .replaceAll("&(lt|gt|amp|#8203);", "");
        assertThat(ours).doesNotContainPattern("[<>`*_\\[\\]&]");
        String prose = MarkdownText.prose("/" + HostileReport.ATTACK.substring(100));
        assertThat(prose.replace("&#8203;", "\u200b"))
                .contains("octocat", "www", "tada")
                .doesNotContainPattern("[@#!][A-Za-z0-9]|://|www\\.|:tada:");
    }

    @Test
    void noLineOfAStrangerStartsABlock() {
        assertThat(Rendered.text(new MarkdownFormat(), "hostile").lines())
                .allMatch(line ->
                        line.isEmpty()
                                || line.matches(
                                        "(\\| |\\*\\*writeprobe:|### |- `|- Engine `|</?details>"
                                                + "|<sub>|writeprobe could|[0-9]+ finding).*"));
    }

    @Test
    void aReportThatIsTooLongForACommentCountsTheOmittedRows() {
        ContainerReport[] many =
                IntStream.range(0, 60)
                        .mapToObj(MarkdownFormatTest::exposed)
                        .toArray(ContainerReport[]::new);
        String text =
                Rendered.text(
                        new MarkdownFormat(),
                        Reports.report(List.of(Reports.up(Reports.LOCAL)), many));
        assertThat(text.lines().filter(line -> line.startsWith("| high"))).hasSize(50);
        assertThat(text).contains("… and 10 more; the JSON report has them all.");
    }

    @Test
    void theEngineIsNamedWhereThereAreSeveral() {
        ContainerReport web = exposed(1);
        assertThat(
                        Rendered.text(
                                new MarkdownFormat(),
                                Reports.report(
                                        List.of(
                                                Reports.up(Reports.LOCAL),
                                                Reports.up(Reports.REMOTE)),
                                        web)))
                .contains("`web-1` on `unix:///var/run/docker.sock`");
    }

    private static ContainerReport exposed(int number) {
        return new ContainerReportBuilder("web-" + number)
                .findings(Reports.finding(FindingKind.EXPOSED, Severity.HIGH, "/", "m.", "r."))
                .violating();
    }

    /// The text without code and escaped characters.
    private static String skeleton(String name) {
        String text = Rendered.text(new MarkdownFormat(), name);
        return CODE.matcher(ESCAPED.matcher(text).replaceAll("")).replaceAll("code");
    }
}
