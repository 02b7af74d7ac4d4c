package io.github.writeprobe.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every link from one of our pages to another leads somewhere.
class LinksTest {
    private static final Pattern LINK =
            Pattern.compile("\\]\\((?!https?:|mailto:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern CODE =
            Pattern.compile("(?s)^```.*?^```|`[^`\\n]*`", Pattern.MULTILINE);
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    static Stream<Path> pages() {
        return Documents.pages().stream();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(Path page) {
        List<String> broken =
                LINK.matcher(CODE.matcher(Documents.text(page)).replaceAll("x"))
                        .results()
                        .filter(m -> !resolves(page, m.group(1), m.group(2)))
                        .map(m -> m.group())
                        .toList();
        assertThat(broken).isEmpty();
    }

    private static boolean resolves(Path page, String file, String anchor) {
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return anchor == null || anchors(target).anyMatch(anchor::equals);
    }

    /// As GitHub makes them of headings.
    private static Stream<String> anchors(Path page) {
        return HEADING.matcher(Documents.text(page))
                .results()
                .map(m ->
                        m.group(1)
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                                .replace(' ', '-'));
    }
}
