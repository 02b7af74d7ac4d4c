package io.github.writeprobe.agent;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.docker.DockerEngines.Connected;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.writes.ProcfsFiles;
import io.github.writeprobe.recommend.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Asks engines for the containers that a recommendation is to be for. Two references may name one
/// container, which is then found once.
final class SubjectFinder {
    private static final String PROJECT_LABEL = "com.docker.compose.project=";

    private final Recommend.Which which;
    private final Map<String, Subject> byId = new LinkedHashMap<>();
    private final Map<String, String> known = new LinkedHashMap<>();
    private final Set<String> ambiguous = new LinkedHashSet<>();
    private final List<String> troubles = new ArrayList<>();

    private SubjectFinder(Recommend.Which which) {
        this.which = which;
    }

    static Recommend.Found find(Recommend.Which which, List<Connected> engines)
            throws InterruptedException {
        SubjectFinder finding = new SubjectFinder(which);
        for (Connected engine : engines) {
            try {
                engine.engine().identify();
                finding.ask(engine);
            } catch (EngineUnavailable e) {
                finding.troubles.add(e.line());
            }
        }
        return new Recommend.Found(
                List.copyOf(finding.byId.values()),
                engines.stream().map(e -> e.engine().host()).toList(),
                finding.unknown(),
                List.copyOf(finding.ambiguous),
                finding.troubles);
    }

    private void ask(Connected engine) throws EngineUnavailable, InterruptedException {
        switch (which) {
            case Recommend.Which.Named(List<String> references) -> {
                for (String reference : references) {
                    Optional<String> id = take(engine, reference);
                    if (id.isPresent()
                            && !known.getOrDefault(reference, id.get()).equals(id.get())) {
                        ambiguous.add(reference);
                    }
                    id.ifPresent(i -> known.put(reference, i));
                }
            }
            case Recommend.Which.Project(String name) ->
                    takeAll(engine, Map.of("label", List.of(PROJECT_LABEL + name)));
            case Recommend.Which.All() -> takeAll(engine, Map.of());
        }
    }

    /// What ends between the list and the question is left out.
    private void takeAll(Connected engine, Map<String, List<String>> filters)
            throws EngineUnavailable, InterruptedException {
        for (Engine.Listed listed : engine.engine().list(filters).containers()) {
            try {
                take(engine, listed.id());
            } catch (EngineUnavailable e) {
                // One container that cannot be read costs only itself, unless the engine is gone.
                engine.engine().identify();
                troubles.add(listed.name() + ": " + e.line());
            }
        }
    }

    /// @return its id
    private Optional<String> take(Connected engine, String reference)
            throws EngineUnavailable, InterruptedException {
        Optional<Subject> subject = engine.workshop().subject(reference);
        subject.filter(s -> !sandboxed(s)).ifPresent(s -> byId.putIfAbsent(s.container().id(), s));
        return subject.map(s -> s.container().id());
    }

    /// Neither the kernel's events nor `docker diff` tell what a container in a sandbox writes.
    private boolean sandboxed(Subject subject) {
        Container container = subject.container();
        String sandbox = container.isolation().sandbox();
        Optional<String> why =
                sandbox.isEmpty()
                        ? ProcfsFiles.hidden(container.pid(), container.id())
                        : Optional.of("it runs in a sandbox (" + sandbox + ")");
        why.ifPresent(w ->
                troubles.add(
                        container.name()
                                + ": what it writes cannot be seen from outside, since "
                                + w
                                + ": run it with runc to learn what has to stay writable"));
        return why.isPresent();
    }

    private List<String> unknown() {
        return switch (which) {
            case Recommend.Which.Named(List<String> references) ->
                    references.stream().distinct().filter(r -> !known.containsKey(r)).toList();
            case Recommend.Which.Project _, Recommend.Which.All _ -> List.of();
        };
    }
}
