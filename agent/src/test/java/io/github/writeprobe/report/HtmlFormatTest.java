package io.github.writeprobe.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.VerdictChange;
import io.github.writeprobe.report.html.HtmlFormat;
import io.github.writeprobe.report.html.StatusPage;
import java.io.IOException;
import java.io.StringWriter;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlFormatTest {
    private static final HtmlFormat FORMAT = new HtmlFormat();

    /// The line of a container in the table, without its markup.
    private static String row(String name) {
        Matcher row =
                Pattern.compile("(?s)<tr id=\"r-[^>]*>(.*?)</tr>")
                        .matcher(Rendered.text(FORMAT, "mixed"));
        while (row.find()) {
            String text = row.group(1).replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
            if (text.startsWith(name + " ")) {
                return text;
            }
        }
        throw new AssertionError("no row of " + name);
    }

    private static String live(Optional<String> trouble, VerdictChange... changes)
            throws IOException {
        StringWriter out = new StringWriter();
        new StatusPage(Reports.mixed(), "g1", trouble, List.of(changes)).write(out);
        return out.toString();
    }

    @Test
    void aCellShowsWhatWasObservedAndWhatIsDeclared() {
        assertThat(row("gateway"))
                .contains("violating", "✗ DRIFTED", "✗ writable executable container by service")
                .contains("declared read-only");
        assertThat(row("web"))
                .contains("✓ compliant", "✓ read-only", "✓ writable not executable memory")
                .doesNotContain("declared");
    }

    @Test
    void unprovedContainerIsShownAsUnverified() {
        assertThat(row("resolver")).contains("? unverified", "? not proved", "? not known");
    }

    @Test
    void waivedFindingIsShownAsWaived() {
        assertThat(row("legacy-billing")).contains("✓ compliant", "! writable", "waived");
    }

    @Test
    void onlyTheAgentsPageHasHistoryAndLiveUpdates() throws IOException {
        VerdictChange change =
                new VerdictChange(
                        Reports.NOON,
                        "<b>web",
                        "0",
                        "e",
                        "compliant",
                        "violating",
                        "<i>web is violating",
                        List.of("drift /"));

        assertThat(live(Optional.of("waiting for <e>"), change))
                .contains("id=\"history\"", "2026-11-23T12:00:00Z", "&lt;b&gt;web", "&lt;i&gt;web")
                .contains("waiting for &lt;e&gt;", "data-generation=\"g1\"", "connect-src ");
        assertThat(Rendered.text(FORMAT, "mixed")).doesNotContain("id=\"history\"", "id=\"live\"");
    }

    @Test
    void thePolicyNamesTheStyleSheetAndTheScriptAndNothingElse() throws Exception {
        String page = live(Optional.empty());

        for (String element : List.of("style", "script")) {
            Matcher inlined =
                    Pattern.compile("(?s)<" + element + ">(.*?)</" + element + ">").matcher(page);
            assertThat(inlined.find()).isTrue();
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(inlined.group(1).getBytes(UTF_8));
            assertThat(StatusPage.POLICY)
                    .contains(
                            element
                                    + "-src 'sha256-"
                                    + Base64.getEncoder().encodeToString(digest)
                                    + "'");
            assertThat(inlined.find()).isFalse();
        }
        assertThat(StatusPage.POLICY).startsWith("default-src 'none'").doesNotContain("unsafe");
        assertThat(page).doesNotContain(" style=", " onclick=", "src=\"http", "href=\"http");
    }
}
