package io.github.writeprobe.config;

import io.github.writeprobe.recommend.known.AnyImageHints;
import io.github.writeprobe.recommend.known.KnownImage;
import io.github.writeprobe.recommend.known.KnownImageCriteria;
import io.github.writeprobe.recommend.known.KnownImages;
import io.github.writeprobe.recommend.known.KnownPath;
import io.github.writeprobe.recommend.known.KnownSetting;
import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.known.MountPlacementRules;
import io.github.writeprobe.recommend.known.MountPlacementRules.DataSign;
import io.github.writeprobe.recommend.known.PathHint;
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

/// Reads files of known images, and reports all mistakes of a file at once.
public final class KnownImagesReader {
    private static final String RESOURCE = "known-images.yml";
    private static final Map<String, Lifetime> LIFETIMES =
            PolicyReader.byLabel(List.of(Lifetime.values()), Lifetime::label);

    private final Set<String> names = new HashSet<>();

    private KnownImagesReader() {}

    /// The known images that are part of the program.
    public static KnownImages builtIn() {
        try (InputStream in =
                Objects.requireNonNull(KnownImagesReader.class.getResourceAsStream(RESOURCE))) {
            return read(YamlFileReader.readText(in.readAllBytes(), RESOURCE), RESOURCE);
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
        return read(YamlFileReader.readText(file), file.toString());
    }

    /// Reads a text.
    ///
    /// @param name name of the file, for messages
    static KnownImages read(String text, String name) throws ConfigurationException {
        Mistakes mistakes = new Mistakes(name);
        KnownImages known =
                YamlFileReader.parse(text, mistakes)
                        .flatMap(root ->
                                ConfigurationReader.optionalSection(root, KnownImagesFileKeys.TOP))
                        .map(new KnownImagesReader()::knownImages)
                        .orElse(KnownImages.EMPTY);
        mistakes.throwIfAny();
        return known;
    }

    private KnownImages knownImages(Section top) {
        return new KnownImages(
                top.orDefault("images", v -> v.list(this::image), List.of()),
                top.orDefault(
                        "hints",
                        v ->
                                ConfigurationReader.optionalSection(v, KnownImagesFileKeys.HINTS)
                                        .map(KnownImagesReader::hints),
                        AnyImageHints.NONE));
    }

    private Optional<KnownImage> image(ConfigurationValue value) {
        return value.section(KnownImagesFileKeys.IMAGE).flatMap(this::image);
    }

    private Optional<KnownImage> image(Section image) {
        Optional<String> name =
                image.required(
                        "name",
                        v ->
                                v.nonBlankText()
                                        .flatMap(n ->
                                                names.add(n)
                                                        ? Optional.of(n)
                                                        : v.reject(
                                                                "which is the name of an image"
                                                                        + " above")),
                        "say what kind of image this is");
        Optional<String> source =
                image.required(
                        "source", ConfigurationValue::nonBlankText, "say where this is known from");
        Optional<List<KnownImageCriteria>> imagePatterns =
                image.required(
                        "match",
                        v -> v.list(KnownImagesReader::imagePattern),
                        "say how the image is recognised, or write [] for never");
        List<KnownPath> paths =
                image.orDefault("paths", v -> v.list(KnownImagesReader::path), List.of());
        List<KnownSetting> settings =
                image.orDefault("settings", v -> v.list(KnownImagesReader::setting), List.of());
        List<String> notes =
                image.orDefault("notes", v -> v.list(ConfigurationValue::nonBlankText), List.of());
        return name.map(n ->
                new KnownImage(
                        n,
                        source.orElse(""),
                        imagePatterns.orElse(List.of()),
                        paths,
                        settings,
                        notes));
    }

    private static Optional<KnownImageCriteria> imagePattern(ConfigurationValue value) {
        return value.section(KnownImagesFileKeys.MATCH)
                .flatMap(section -> {
                    Map<KnownImageCriteria.Field, String> patterns =
                            new EnumMap<>(KnownImageCriteria.Field.class);
                    for (KnownImageCriteria.Field field : KnownImageCriteria.Field.values()) {
                        section.find(field.label())
                                .flatMap(v ->
                                        field == KnownImageCriteria.Field.WRITTEN
                                                ? pattern(v)
                                                : v.nonBlankText())
                                .ifPresent(p -> patterns.put(field, p));
                    }
                    boolean empty =
                            value.node() instanceof MappingNode mapping
                                    && mapping.getValue().isEmpty();
                    if (empty) {
                        return value.reject(
                                "expected a mapping with at least one of the keys "
                                        + QuotedText.list(KnownImagesFileKeys.MATCH));
                    }
                    return patterns.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new KnownImageCriteria(patterns));
                });
    }

    private static Optional<KnownPath> path(ConfigurationValue value) {
        return value.section(KnownImagesFileKeys.PATH)
                .flatMap(section -> {
                    Optional<String> pattern = requiredPath(section);
                    Optional<Lifetime> lifetime = lifetime(section);
                    String because =
                            section.orDefault("because", ConfigurationValue::nonBlankText, "");
                    boolean always = section.orDefault("always", ConfigurationValue::bool, false);
                    boolean execute = section.orDefault("execute", ConfigurationValue::bool, false);
                    if (always && pattern.filter(p -> p.matches(".*[*?].*")).isPresent()) {
                        return section.find("always")
                                .flatMap(v -> v.reject("which requires a path without * and ?"));
                    }
                    return pattern.flatMap(
                            p -> lifetime.map(i -> new KnownPath(p, i, because, always, execute)));
                });
    }

    private static Optional<KnownSetting> setting(ConfigurationValue value) {
        return value.section(KnownImagesFileKeys.SETTING)
                .flatMap(section -> {
                    Optional<String> variable =
                            section.required(
                                    "variable",
                                    KnownImagesReader::variable,
                                    "name the environment variable");
                    Optional<String> setting =
                            section.required(
                                    "value",
                                    ConfigurationValue::scalarText,
                                    "say what it is set to");
                    boolean join = section.orDefault("join", ConfigurationValue::bool, false);
                    boolean always = section.orDefault("always", ConfigurationValue::bool, false);
                    List<String> prevents = patterns(section, "prevents");
                    List<String> unless = textList(section, "unless");
                    String cost = section.orDefault("cost", ConfigurationValue::nonBlankText, "");
                    return variable.flatMap(name ->
                            setting.map(v ->
                                    new KnownSetting(
                                            name, v, join, always, prevents, unless, cost)));
                });
    }

    private static Optional<String> variable(ConfigurationValue value) {
        return value.text()
                .flatMap(text ->
                        text.matches("[A-Za-z_][A-Za-z0-9_]*")
                                ? Optional.of(text)
                                : value.reject("expected only letters, digits and _"));
    }

    private static AnyImageHints hints(Section hints) {
        return new AnyImageHints(
                hints.orDefault("paths", v -> v.list(KnownImagesReader::hint), List.of()),
                hints.orDefault(
                        "directories",
                        v ->
                                ConfigurationReader.optionalSection(
                                                v, KnownImagesFileKeys.DIRECTORIES)
                                        .map(KnownImagesReader::directories),
                        MountPlacementRules.NONE),
                textList(hints, "wrappers"));
    }

    private static Optional<PathHint> hint(ConfigurationValue value) {
        return value.section(KnownImagesFileKeys.HINT)
                .flatMap(section -> {
                    Optional<String> pattern = requiredPath(section);
                    Optional<Lifetime> lifetime = lifetime(section);
                    Optional<String> because =
                            section.required(
                                    "because",
                                    ConfigurationValue::nonBlankText,
                                    "say what such a file is");
                    return pattern.flatMap(
                            p -> lifetime.flatMap(i -> because.map(b -> new PathHint(p, i, b))));
                });
    }

    private static MountPlacementRules directories(Section directories) {
        return new MountPlacementRules(
                patterns(directories, "general"),
                directories.orDefault("whole", v -> v.list(ConfigurationValue::path), List.of()),
                directories.orDefault("volatile", v -> v.list(ConfigurationValue::path), List.of()),
                patterns(directories, "shared"),
                patterns(directories, "bystanders"),
                directories.orDefault("data", v -> v.list(KnownImagesReader::dataSign), List.of()));
    }

    private static Optional<DataSign> dataSign(ConfigurationValue value) {
        return value.section(KnownImagesFileKeys.DATA)
                .flatMap(section -> {
                    Optional<String> file =
                            section.required("file", KnownImagesReader::fileName, "name the file");
                    Optional<String> because =
                            section.required(
                                    "because",
                                    ConfigurationValue::nonBlankText,
                                    "say whose data it indicates");
                    return file.flatMap(f -> because.map(b -> new DataSign(f, b)));
                });
    }

    private static Optional<String> fileName(ConfigurationValue value) {
        return value.nonBlankText()
                .flatMap(name ->
                        name.indexOf('/') < 0
                                ? Optional.of(name)
                                : value.reject("expected a name without /"));
    }

    private static Optional<String> requiredPath(Section section) {
        return section.required("path", KnownImagesReader::pattern, "name the path");
    }

    private static Optional<Lifetime> lifetime(Section section) {
        return section.required(
                "is", v -> v.oneOf(LIFETIMES), "expected " + QuotedText.list(LIFETIMES.keySet()));
    }

    /// A pattern of paths, which may begin with a `*` instead of a slash.
    private static Optional<String> pattern(ConfigurationValue value) {
        return value.text()
                .flatMap(text -> {
                    if (text.startsWith("*")) {
                        return Optional.of(text);
                    }
                    return text.startsWith("/")
                            ? value.pathPattern()
                            : value.reject("expected a path or pattern that begins with / or *");
                });
    }

    private static List<String> patterns(Section section, String key) {
        return section.orDefault(key, v -> v.list(KnownImagesReader::pattern), List.of());
    }

    private static List<String> textList(Section section, String key) {
        Function<ConfigurationValue, Optional<List<String>>> parser =
                v -> v.list(ConfigurationValue::nonBlankText);
        return section.orDefault(key, parser, List.of());
    }
}
