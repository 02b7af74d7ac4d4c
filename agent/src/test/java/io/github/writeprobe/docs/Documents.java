package io.github.writeprobe.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What users read: the README and the pages in docs/.
public final class Documents {
    public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern FENCE =
            Pattern.compile("^```(\\w*)[^\\n]*\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern COMMAND =
            Pattern.compile(
                    "^(?:\\$ )?(?:sudo )?(?:[A-Z_]+=\\S+ )*(?:\\S*/)?writeprobe ((?:--|[a-z]).*)$");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private Documents() {}

    /// A fenced block.
    ///
    /// @param where file and line, for messages
    /// @param language as the fence names it; empty for none
    public record Block(String where, String language, String text) {
        @Override
        public String toString() {
            return where;
        }
    }

    /// A command line of writeprobe's.
    ///
    /// @param words after the program's name
    public record Command(String where, List<String> words) {
        public Command {
            words = List.copyOf(words);
        }

        @Override
        public String toString() {
            return where + ": writeprobe " + String.join(" ", words);
        }
    }

    public static List<Path> pages() {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md").map(ROOT::resolve),
                            docs.filter(p -> p.toString().endsWith(".md")).sorted())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages()) {
            String text = text(page);
            Matcher fence = FENCE.matcher(text);
            while (fence.find()) {
                long line = text.substring(0, fence.start()).lines().count() + 1;
                blocks.add(
                        new Block(
                                ROOT.relativize(page) + ":" + line,
                                fence.group(1),
                                fence.group(2)));
            }
        }
        return blocks;
    }

    public static List<Command> commands() {
        return blocks().stream()
                .filter(b -> List.of("", "sh", "yaml").contains(b.language()))
                .flatMap(b ->
                        b.text()
                                .replaceAll("\\\\\\n\\s*", "")
                                .lines()
                                .map(l ->
                                        b.language().equals("yaml")
                                                ? l.replaceFirst("^[ -]+(run: )?", "")
                                                : l)
                                .map(COMMAND::matcher)
                                .filter(Matcher::matches)
                                .map(m -> new Command(b.where(), words(m.group(1)))))
                .toList();
    }

    /// Up to what is the shell's: a comment, a pipe, a redirection, the next command.
    private static List<String> words(String text) {
        return WORD.matcher(text)
                .results()
                .map(m -> m.group(1) == null ? m.group(2) : m.group(1))
                .takeWhile(w -> !w.matches("#.*|[|&;>]+.*|[0-9]>.*"))
                .toList();
    }
}
