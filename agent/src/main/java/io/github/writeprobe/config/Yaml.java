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

/// The YAML of a configuration file, as nodes that know where they stand.
final class Yaml {
    /// A configuration nests six deep.
    private static final int MAX_DEPTH = 32;

    /// An alias repeats up to a whole file. Depth and number together bound what a file of a few
    /// lines can grow to.
    private static final int MAX_ALIASES = 100;

    /// The parser fails where its buffer ends within a character of two halves: so the buffer takes
    /// the whole text.
    private static LoadSettings settings(String text) {
        return LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setMaxAliasesForCollections(MAX_ALIASES)
                .setAllowNonScalarKeys(true)
                .setBufferSize(text.length() + 1)
                .build();
    }

    private Yaml() {}

    /// The one document in the text; empty if there is none, or it is no YAML.
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
                            + Quoted.of(Character.toString(e.getCodePoint()))
                            + "; in a text in double quotes it can be written as an escape");
        } catch (YamlEngineException e) {
            mistakes.add(Position.START, "not YAML 1.2; leave out lines that begin with %");
        }
        return Optional.empty();
    }

    /// Nodes are composed by recursion, so what would exhaust the stack is refused before.
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
            // The parser merges while it composes, in time exponential in the length of the file.
            if (event instanceof ScalarEvent scalar
                    && scalar.isPlain()
                    && scalar.getValue().equals("<<")) {
                mistakes.add(event.getStartMark(), "merge keys are not supported; write them out");
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
