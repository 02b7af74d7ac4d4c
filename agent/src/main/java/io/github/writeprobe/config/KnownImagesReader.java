package io.github.writeprobe.config;

import io.github.writeprobe.recommend.known.ImagePattern;
import io.github.writeprobe.recommend.known.KnownImage;
import io.github.writeprobe.recommend.known.KnownImages;
import io.github.writeprobe.recommend.known.KnownPath;
import io.github.writeprobe.recommend.known.KnownSetting;
import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.known.MountableDirectories;
import io.github.writeprobe.recommend.known.MountableDirectories.DataSign;
import io.github.writeprobe.recommend.known.PathHint;
import io.github.writeprobe.recommend.known.PathHints;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/// Reads files of known images, and finds all that is wrong with one at once.
public final class KnownImagesReader {
    private static final String SHIPPED = "known-images.yml";
    private static final Map<String, Lifetime> LIFETIMES =
            PolicyReader.byLabel(List.of(Lifetime.values()), Lifetime::label);

    private final Set<String> names = new HashSet<>();

    private KnownImagesReader() {}

    /// What the program comes with.
    public static KnownImages shipped() {
        try (InputStream in =
                Objects.requireNonNull(KnownImagesReader.class.getResourceAsStream(SHIPPED))) {
            return read(Source.text(in.readAllBytes(), SHIPPED), SHIPPED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Reads a user's file.
    ///
    /// @throws ConfigurationException if it cannot be read, or has mistakes
    public static KnownImages read(Path file) throws ConfigurationException {
        return read(Source.text(file), file.toString());
    }

    /// Reads a text.
    ///
    /// @param name of the file it comes from, for messages
    static KnownImages read(String text, String name) throws ConfigurationException {
        Mistakes mistakes = new Mistakes(name);
        KnownImages known =
                Source.root(text, mistakes)
                        .flatMap(root -> ConfigurationReader.optional(root, KnownImageKeys.TOP))
                        .map(new KnownImagesReader()::knownImages)
                        .orElse(KnownImages.NOTHING);
        mistakes.throwIfAny();
        return known;
    }

    private KnownImages knownImages(Section top) {
        return new KnownImages(
                top.or("images", v -> v.list(this::image), List.of()),
                top.or(
                        "hints",
                        v ->
                                ConfigurationReader.optional(v, KnownImageKeys.HINTS)
                                        .map(KnownImagesReader::hints),
                        PathHints.NONE));
    }

    private Optional<KnownImage> image(Value value) {
        return value.section(KnownImageKeys.IMAGE).flatMap(this::image);
    }

    private Optional<KnownImage> image(Section image) {
        Optional<String> name =
                image.required(
                        "name",
                        v ->
                                v.words()
                                        .flatMap(n ->
                                                names.add(n)
                                                        ? Optional.of(n)
                                                        : v.refused("which stands above already")),
                        "say what kind of image this is");
        Optional<String> source =
                image.required("source", Value::words, "say where this is known from");
        Optional<List<ImagePattern>> signs =
                image.required(
                        "match",
                        v -> v.list(KnownImagesReader::sign),
                        "say how it is recognised; [] for not at all");
        List<KnownPath> paths = image.or("paths", v -> v.list(KnownImagesReader::path), List.of());
        List<KnownSetting> settings =
                image.or("settings", v -> v.list(KnownImagesReader::setting), List.of());
        List<String> notes = image.or("notes", v -> v.list(Value::words), List.of());
        return name.map(n ->
                new KnownImage(
                        n, source.orElse(""), signs.orElse(List.of()), paths, settings, notes));
    }

    private static Optional<ImagePattern> sign(Value value) {
        return value.section(KnownImageKeys.SIGN)
                .flatMap(section -> {
                    Map<ImagePattern.Field, String> patterns =
                            new EnumMap<>(ImagePattern.Field.class);
                    for (ImagePattern.Field field : ImagePattern.Field.values()) {
                        section.at(field.label())
                                .flatMap(v ->
                                        field == ImagePattern.Field.WRITTEN
                                                ? pattern(v)
                                                : v.words())
                                .ifPresent(p -> patterns.put(field, p));
                    }
                    boolean empty =
                            value.node() instanceof MappingNode mapping
                                    && mapping.getValue().isEmpty();
                    if (empty) {
                        return value.refused(
                                "allowed is a mapping with some of the keys "
                                        + Quoted.list(KnownImageKeys.SIGN));
                    }
                    return patterns.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new ImagePattern(patterns));
                });
    }

    private static Optional<KnownPath> path(Value value) {
        return value.section(KnownImageKeys.PATH)
                .flatMap(section -> {
                    Optional<String> pattern = pathOf(section);
                    Optional<Lifetime> is = lifetime(section);
                    String because = section.or("because", Value::words, "");
                    boolean always = section.or("always", Value::truth, false);
                    boolean execute = section.or("execute", Value::truth, false);
                    if (always && pattern.filter(p -> p.matches(".*[*?].*")).isPresent()) {
                        return section.at("always")
                                .flatMap(v -> v.refused("which needs a path without * and ?"));
                    }
                    return pattern.flatMap(
                            p -> is.map(i -> new KnownPath(p, i, because, always, execute)));
                });
    }

    private static Optional<KnownSetting> setting(Value value) {
        return value.section(KnownImageKeys.SETTING)
                .flatMap(section -> {
                    Optional<String> variable =
                            section.required(
                                    "variable",
                                    KnownImagesReader::variable,
                                    "name the environment variable");
                    Optional<String> set =
                            section.required("value", Value::written, "say what it is set to");
                    boolean join = section.or("join", Value::truth, false);
                    boolean always = section.or("always", Value::truth, false);
                    List<String> prevents = patterns(section, "prevents");
                    List<String> unless = texts(section, "unless");
                    String cost = section.or("cost", Value::words, "");
                    return variable.flatMap(name ->
                            set.map(v ->
                                    new KnownSetting(
                                            name, v, join, always, prevents, unless, cost)));
                });
    }

    private static Optional<String> variable(Value value) {
        return value.text()
                .flatMap(text ->
                        text.matches("[A-Za-z_][A-Za-z0-9_]*")
                                ? Optional.of(text)
                                : value.refused("allowed are letters, digits and _"));
    }

    private static PathHints hints(Section hints) {
        return new PathHints(
                hints.or("paths", v -> v.list(KnownImagesReader::hint), List.of()),
                hints.or(
                        "directories",
                        v ->
                                ConfigurationReader.optional(v, KnownImageKeys.DIRECTORIES)
                                        .map(KnownImagesReader::directories),
                        MountableDirectories.NONE),
                texts(hints, "wrappers"));
    }

    private static Optional<PathHint> hint(Value value) {
        return value.section(KnownImageKeys.HINT)
                .flatMap(section -> {
                    Optional<String> pattern = pathOf(section);
                    Optional<Lifetime> is = lifetime(section);
                    Optional<String> because =
                            section.required("because", Value::words, "say what such a file is");
                    return pattern.flatMap(
                            p -> is.flatMap(i -> because.map(b -> new PathHint(p, i, b))));
                });
    }

    private static MountableDirectories directories(Section directories) {
        return new MountableDirectories(
                patterns(directories, "general"),
                directories.or("whole", v -> v.list(Value::path), List.of()),
                patterns(directories, "shared"),
                patterns(directories, "bystanders"),
                directories.or("data", v -> v.list(KnownImagesReader::data), List.of()));
    }

    private static Optional<DataSign> data(Value value) {
        return value.section(KnownImageKeys.DATA)
                .flatMap(section -> {
                    Optional<String> file =
                            section.required("file", KnownImagesReader::fileName, "name the file");
                    Optional<String> because =
                            section.required("because", Value::words, "say whose data it tells of");
                    return file.flatMap(f -> because.map(b -> new DataSign(f, b)));
                });
    }

    private static Optional<String> fileName(Value value) {
        return value.words()
                .flatMap(name ->
                        name.indexOf('/') < 0
                                ? Optional.of(name)
                                : value.refused("allowed is a name without /"));
    }

    private static Optional<String> pathOf(Section section) {
        return section.required("path", KnownImagesReader::pattern, "name the path");
    }

    private static Optional<Lifetime> lifetime(Section section) {
        return section.required(
                "is", v -> v.oneOf(LIFETIMES), "allowed are " + Quoted.list(LIFETIMES.keySet()));
    }

    /// A pattern of paths, which may begin with a `*` instead of a slash.
    private static Optional<String> pattern(Value value) {
        return value.text()
                .flatMap(text -> {
                    if (text.startsWith("*")) {
                        return Optional.of(text);
                    }
                    return text.startsWith("/")
                            ? value.pathPattern()
                            : value.refused("allowed is a path or pattern that begins with / or *");
                });
    }

    private static List<String> patterns(Section section, String key) {
        return section.or(key, v -> v.list(KnownImagesReader::pattern), List.of());
    }

    private static List<String> texts(Section section, String key) {
        Function<Value, Optional<List<String>>> reading = v -> v.list(Value::words);
        return section.or(key, reading, List.of());
    }
}
