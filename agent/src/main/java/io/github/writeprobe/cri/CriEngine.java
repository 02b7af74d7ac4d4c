package io.github.writeprobe.cri;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cri.inspect.ContainerFilterMatcher;
import io.github.writeprobe.cri.inspect.ContainerStatusReader;
import io.github.writeprobe.cri.inspect.CriContainerLister;
import io.github.writeprobe.cri.inspect.ImageNameLookup;
import io.github.writeprobe.cri.inspect.Pods;
import io.github.writeprobe.cri.transport.CriConnection;
import io.github.writeprobe.cri.transport.CriErrorMessages;
import io.github.writeprobe.cri.transport.CriMethod;
import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.engine.OwnContainer;
import io.github.writeprobe.probes.exec.ExecRunner;
import io.github.writeprobe.probes.sidecar.SidecarRunner;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import io.github.writeprobe.text.EngineText;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A runtime of Kubernetes: containerd or CRI-O, by the CRI.
///
/// The sandboxes of pods are not containers here, so there is nothing to exclude.
final class CriEngine implements Engine {
    private static final int RUNTIME_NAME = 2;
    private static final int RUNTIME_VERSION = 3;
    private static final int API_VERSION = 4;

    private final String host;
    private final CriConnection connection;
    private final CriContainerLister containers;
    private final ContainerStatusReader status;
    private final CriEventStream events;
    private final CriExecs execs;
    private final CriRecommendEngine recommendEngine;
    private final OwnContainer ownContainer = OwnContainer.of(Path.of("/proc"));

    CriEngine(String host, CriConnection connection) {
        this.host = requireNonNull(host);
        this.connection = requireNonNull(connection);
        Pods pods = new Pods(connection);
        this.containers = new CriContainerLister(connection, pods);
        this.status =
                new ContainerStatusReader(
                        connection,
                        containers,
                        pods,
                        new ImageNameLookup(connection),
                        Clock.systemUTC(),
                        host);
        this.events = new CriEventStream(connection, containers);
        this.execs = new CriExecs(connection);
        this.recommendEngine = new CriRecommendEngine(containers, status);
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public Identified identify() throws EngineUnavailable, InterruptedException {
        ParsedProtoMessage version = connection.call(CriMethod.VERSION, new ProtoBuilder());
        if (version.text(RUNTIME_NAME).isEmpty()) {
            throw new EngineUnavailable(
                    CriErrorMessages.notUnderstood(
                            connection.socket(), CriMethod.VERSION, "it names no runtime"));
        }
        return new Identified(
                EngineText.sanitize(
                        version.text(RUNTIME_NAME) + " " + version.text(RUNTIME_VERSION)),
                EngineText.sanitize("CRI " + version.text(API_VERSION)));
    }

    @Override
    public Listing list(Map<String, List<String>> filters)
            throws EngineUnavailable, InterruptedException {
        ContainerFilterMatcher wanted = ContainerFilterMatcher.of(filters);
        CriContainerLister.Entries listed = containers.live();
        return new Listing(
                listed.entries().stream()
                        .filter(wanted::match)
                        .map(CriContainerLister.Entry::toListed)
                        .toList(),
                listed.unreadable());
    }

    @Override
    public Optional<Inspected> inspect(String reference)
            throws EngineUnavailable, InterruptedException {
        Optional<String> id = containers.resolve(reference);
        return id.isEmpty() ? Optional.empty() : status.read(id.get()).map(this::markOwnContainer);
    }

    private Inspected markOwnContainer(Inspected inspected) {
        return ownContainer.matchesInPod(inspected.container()) ? inspected.withSelf() : inspected;
    }

    @Override
    public void follow(Optional<Instant> since, Listener listener)
            throws EngineUnavailable, InterruptedException {
        events.follow(listener);
    }

    @Override
    public ExecRunner execs() {
        return execs;
    }

    @Override
    public SidecarRunner sidecars() {
        return new NoSidecars();
    }

    @Override
    public <T> Optional<T> ability(Class<T> type) {
        return type.equals(RecommendEngine.class)
                ? Optional.of(type.cast(recommendEngine))
                : Optional.empty();
    }

    /// There are none: it starts no containers.
    @Override
    public void removeStaleResources() {}

    @Override
    public void close() {
        execs.close();
        connection.close();
    }
}
