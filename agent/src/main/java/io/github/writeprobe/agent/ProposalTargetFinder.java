package io.github.writeprobe.agent;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.writes.ProcRootFileLookup;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the containers to recommend for. A container that two references match is found once.
final class ProposalTargetFinder {
    private static final String PROJECT_LABEL = "com.docker.compose.project=";

    private final RecommendRunner.ContainerSelection selection;
    private final Map<String, ProposalTarget> byId = new LinkedHashMap<>();
    private final Map<String, String> idByReference = new LinkedHashMap<>();
    private final Set<String> ambiguous = new LinkedHashSet<>();
    private final List<String> errors = new ArrayList<>();

    private ProposalTargetFinder(RecommendRunner.ContainerSelection selection) {
        this.selection = selection;
    }

    static RecommendRunner.FindResult find(
            RecommendRunner.ContainerSelection selection, List<Engine> engines)
            throws InterruptedException {
        ProposalTargetFinder finder = new ProposalTargetFinder(selection);
        for (Engine engine : engines) {
            try {
                engine.identify();
                finder.search(engine);
            } catch (EngineUnavailable e) {
                finder.errors.add(e.line());
            }
        }
        return new RecommendRunner.FindResult(
                List.copyOf(finder.byId.values()),
                engines.stream().map(e -> e.host()).toList(),
                finder.unknownReferences(),
                List.copyOf(finder.ambiguous),
                finder.errors);
    }

    private void search(Engine engine) throws EngineUnavailable, InterruptedException {
        switch (selection) {
            case RecommendRunner.ContainerSelection.Named(List<String> references) -> {
                for (String reference : references) {
                    Optional<String> id = add(engine, reference);
                    if (id.isPresent()
                            && !idByReference.getOrDefault(reference, id.get()).equals(id.get())) {
                        ambiguous.add(reference);
                    }
                    id.ifPresent(i -> idByReference.put(reference, i));
                }
            }
            case RecommendRunner.ContainerSelection.Project(String name) ->
                    addMatching(engine, Map.of("label", List.of(PROJECT_LABEL + name)));
            case RecommendRunner.ContainerSelection.All() -> addMatching(engine, Map.of());
        }
    }

    /// Adds the containers of a list. A container that ends before it is inspected is excluded.
    private void addMatching(Engine engine, Map<String, List<String>> filters)
            throws EngineUnavailable, InterruptedException {
        for (Engine.Listed listed : engine.list(filters).containers()) {
            try {
                add(engine, listed.id());
            } catch (EngineUnavailable e) {
                // A container that cannot be read affects only itself, unless the engine is gone.
                engine.identify();
                errors.add(listed.name() + ": " + e.line());
            }
        }
    }

    /// @return the container's id; empty if the engine does not know the reference
    private Optional<String> add(Engine engine, String reference)
            throws EngineUnavailable, InterruptedException {
        Optional<ProposalTarget> subject = recommendEngine(engine).subject(reference);
        subject.filter(s -> !reportIfSandboxed(s))
                .ifPresent(s -> byId.putIfAbsent(s.container().id(), s));
        return subject.map(s -> s.container().id());
    }

    private static RecommendEngine recommendEngine(Engine engine) throws EngineUnavailable {
        return engine.ability(RecommendEngine.class)
                .orElseThrow(() ->
                        new EngineUnavailable(
                                engine.host()
                                        + " does not report what containers write, so there are no"
                                        + " recommendations for them"));
    }

    /// Reports a container in a sandbox as an error: neither the kernel's events nor `docker diff`
    /// show what it writes.
    private boolean reportIfSandboxed(ProposalTarget subject) {
        Container container = subject.container();
        String sandbox = container.isolation().sandboxRuntime();
        Optional<String> reason =
                sandbox.isEmpty()
                        ? ProcRootFileLookup.hiddenReason(container.pid(), container.id())
                        : Optional.of("it runs in a sandbox (" + sandbox + ")");
        reason.ifPresent(r ->
                errors.add(
                        container.name()
                                + ": its writes cannot be observed from outside, because "
                                + r
                                + "; run it with runc to find out what has to stay writable"));
        return reason.isPresent();
    }

    private List<String> unknownReferences() {
        return switch (selection) {
            case RecommendRunner.ContainerSelection.Named(List<String> references) ->
                    references.stream()
                            .distinct()
                            .filter(r -> !idByReference.containsKey(r))
                            .toList();
            case RecommendRunner.ContainerSelection.Project _,
                    RecommendRunner.ContainerSelection.All _ ->
                    List.of();
        };
    }
}
