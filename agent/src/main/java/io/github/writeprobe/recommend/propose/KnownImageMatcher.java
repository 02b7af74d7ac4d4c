package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.policy.Glob;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.recommend.known.KnownImage;
import io.github.writeprobe.recommend.known.KnownImageCriteria;
import io.github.writeprobe.recommend.known.KnownImages;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Recognises the known images that a container's image matches.
public final class KnownImageMatcher {
    /// A known image that matches.
    ///
    /// @param matchedBy which field and value matched, for people
    record RecognisedImage(KnownImage image, String matchedBy) {}

    private final ProposalTarget subject;
    private final List<WriteEvidence> traces;
    private final FileLookupCache fileView;
    private final Set<String> programs;
    private final Set<String> directories;

    KnownImageMatcher(
            ProposalTarget subject,
            List<WriteEvidence> traces,
            FileLookupCache fileView,
            KnownImages known) {
        this.subject = subject;
        this.traces = traces;
        this.fileView = fileView;
        List<String> words = words(subject.command());
        programs = programs(words, known);
        traces.forEach(t -> programs.addAll(t.writers()));
        programs.addAll(subject.state().programs());
        directories = directories(words);
    }

    List<RecognisedImage> recognise(KnownImages known) {
        List<RecognisedImage> all = new ArrayList<>();
        for (KnownImage image : known.images()) {
            image.patterns().stream()
                    .flatMap(p -> match(p).stream())
                    .findFirst()
                    .ifPresent(matchedBy -> all.add(new RecognisedImage(image, matchedBy)));
        }
        return all;
    }

    private Optional<String> match(KnownImageCriteria imagePattern) {
        List<String> found = new ArrayList<>();
        for (KnownImageCriteria.Field field : KnownImageCriteria.Field.values()) {
            String pattern = imagePattern.patterns().get(field);
            if (pattern != null) {
                Optional<String> match = match(field, pattern);
                if (match.isEmpty()) {
                    return Optional.empty();
                }
                found.add(field.label() + " " + match.get());
            }
        }
        return Optional.of(String.join(" and ", found));
    }

    private Optional<String> match(KnownImageCriteria.Field field, String pattern) {
        return switch (field) {
            case IMAGE -> firstMatch(repositoryNames(subject.container().image()), pattern);
            case COMMAND -> firstMatch(programs.stream().sorted(), pattern);
            case ENVIRONMENT -> matchingKey(subject.environment(), pattern);
            case LABEL ->
                    matchingKey(subject.container().labels(), pattern)
                            .or(() -> matchingKey(subject.imageLabels(), pattern));
            case FILE -> matchingFile(pattern);
            case WRITTEN -> firstMatch(traces.stream().map(WriteEvidence::path), pattern);
        };
    }

    private static Optional<String> firstMatch(Stream<String> texts, String pattern) {
        return texts.filter(t -> Glob.matches(pattern, t)).findFirst();
    }

    /// Only the name is reported. The value can be a secret.
    private static Optional<String> matchingKey(Map<String, String> pairs, String pattern) {
        return pairs.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(e ->
                        Glob.matches(pattern, e.getKey())
                                || Glob.matches(pattern, e.getKey() + "=" + e.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// The repository of an image without registry, `library/`, tag and digest, then its last
    /// component.
    public static Stream<String> repositoryNames(String image) {
        String name = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
        int slash = name.lastIndexOf('/');
        int colon = name.indexOf(':', slash + 1);
        name = colon < 0 ? name : name.substring(0, colon);
        int firstSlash = name.indexOf('/');
        if (firstSlash > 0) {
            String registry = name.substring(0, firstSlash);
            if (registry.matches(".*[.:].*|localhost")) {
                name = name.substring(firstSlash + 1);
            }
        }
        name = name.startsWith("library/") ? name.substring("library/".length()) : name;
        return Stream.of(name, PathStrings.name(name)).distinct();
    }

    private Optional<String> matchingFile(String pattern) {
        if (pattern.startsWith("/") && pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) {
            return fileView.file(pattern).map(f -> pattern);
        }
        Set<String> searched =
                pattern.startsWith("/") ? Set.of(PathStrings.parent(pattern)) : directories;
        String name = PathStrings.name(pattern);
        return searched.stream()
                .flatMap(d -> fileView.list(d).stream())
                .flatMap(l -> l.entries().stream())
                .map(FileFacts::path)
                .filter(p -> Glob.matches(name, PathStrings.name(p)))
                .sorted()
                .findFirst();
    }

    /// The words of a command. Each argument is split at white space, because a shell gets a whole
    /// script as one argument.
    private static List<String> words(List<String> command) {
        return command.stream()
                .flatMap(argument -> Stream.of(argument.split("\\s+", -1)))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /// The programs that the command starts: wrappers, and the first program that is not a wrapper.
    private static Set<String> programs(List<String> words, KnownImages known) {
        Set<String> programs = new LinkedHashSet<>();
        for (String word : words) {
            String name = PathStrings.name(word);
            if (word.startsWith("-") || word.matches("[A-Za-z_][A-Za-z0-9_]*=.*")) {
                continue;
            }
            programs.add(name);
            if (known.hints().wrappers().stream().noneMatch(w -> Glob.matches(w, name))) {
                break;
            }
        }
        return programs;
    }

    /// Where the program and its files may be: the working directory and directories in the
    /// command.
    private Set<String> directories(List<String> words) {
        Set<String> all = new LinkedHashSet<>();
        String working = subject.workingDirectory();
        all.add(working.isEmpty() ? "/" : working);
        words.stream()
                .filter(w -> w.startsWith("/") && PathStrings.isNormalized(w))
                .map(PathStrings::parent)
                .limit(4)
                .forEach(all::add);
        return all;
    }
}
