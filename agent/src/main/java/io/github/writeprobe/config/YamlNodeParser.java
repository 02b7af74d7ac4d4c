package io.github.writeprobe.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Parses YAML into nodes that know their position.
final class YamlNodeParser {
    /// A valid configuration is nested six levels deep.
    private static final int MAX_DEPTH = 32;

    /// An alias repeats up to a whole file. The limits on depth and number together limit how large
    /// a short file can become.
    private static final int MAX_ALIASES = 100;

    /// The parser fails if its buffer ends within a surrogate pair, so the buffer holds the whole
    /// text.
    private static LoadSettings settings(String text) {
        return LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setMaxAliasesForCollections(MAX_ALIASES)
                .setAllowNonScalarKeys(true)
                .setBufferSize(text.length() + 1)
                .build();
    }

    private YamlNodeParser() {}

    /// The only document in the text; empty if there is none, or if the text is not valid YAML.
    static Optional<Node> compose(String text, Mistakes mistakes) {
        try {
            return isSafeToCompose(text, mistakes)
                    ? new Compose(settings(text)).composeString(text)
                    : Optional.empty();
        } catch (MarkedYamlEngineException e) {
            mistakes.add(e.getProblemMark().or(e::getContextMark), YamlErrorMessages.explain(e));
        } catch (ReaderException e) {
            String before = text.substring(0, text.offsetByCodePoints(0, e.getPosition()));
            mistakes.add(
                    Position.endOf(before),
                    "not valid YAML: found the control character "
                            + QuotedText.of(Character.toString(e.getCodePoint()))
                            + "; write it as an escape sequence in a string in double quotes");
        } catch (YamlEngineException e) {
            mistakes.add(Position.START, "not YAML 1.2; remove lines that begin with %");
        }
        return Optional.empty();
    }

    /// Nodes are composed by recursion, so input that would exhaust the stack is refused before.
    private static boolean isSafeToCompose(String text, Mistakes mistakes) {
        int depth = 0;
        int documents = 0;
        int aliases = 0;
        for (Event event : new Parse(settings(text)).parseString(text)) {
            switch (event.getEventId()) {
                case SequenceStart, MappingStart -> depth++;
                case SequenceEnd, MappingEnd -> depth--;
                case DocumentStart -> documents++;
                case Alias -> aliases++;
                default -> {}
            }
            // The parser resolves merge keys in a time that is exponential in the length of the
            // file.
            if (event instanceof ScalarEvent scalar
                    && scalar.isPlain()
                    && scalar.getValue().equals("<<")) {
                mistakes.add(
                        event.getStartMark(),
                        "merge keys are not supported; write the merged keys instead");
                return false;
            }
            if (depth > MAX_DEPTH) {
                mistakes.add(
                        event.getStartMark(), "nested more than " + MAX_DEPTH + " levels deep");
                return false;
            }
            if (aliases > MAX_ALIASES) {
                mistakes.add(event.getStartMark(), "more than " + MAX_ALIASES + " aliases");
                return false;
            }
            if (documents > 1) {
                mistakes.add(
                        event.getStartMark(),
                        "found a second document; put everything into one, without ---");
                return false;
            }
        }
        return true;
    }
}
