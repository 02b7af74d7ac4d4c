package io.github.writeprobe.cri.inspect;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cri.transport.CriConnection;
import io.github.writeprobe.cri.transport.CriErrorMessages;
import io.github.writeprobe.cri.transport.CriMethod;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.cri.transport.ProtoMessage;
import io.github.writeprobe.engine.Engine.Inspected;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.engine.RestartLoop;
import io.github.writeprobe.model.Container;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Reads what a runtime declares for a container: a verbose `ContainerStatus`, and its pod.
public final class ContainerStatus {
    private static final int REQUEST_ID = 1;
    private static final int REQUEST_VERBOSE = 2;
    private static final int STATUS = 1;
    private static final int INFO = 2;

    private static final int ID = 1;
    private static final int METADATA = 2;
    private static final int STATE = 3;
    private static final int STARTED_AT = 5;
    private static final int IMAGE = 8;
    private static final int LABELS = 12;

    private final CriConnection connection;
    private final Pods pods;
    private final ImageNames images;
    private final Clock clock;
    private final String host;

    /// @param host of the engine, as configured
    public ContainerStatus(
            CriConnection connection, Pods pods, ImageNames images, Clock clock, String host) {
        this.connection = requireNonNull(connection);
        this.pods = requireNonNull(pods);
        this.images = requireNonNull(images);
        this.clock = requireNonNull(clock);
        this.host = requireNonNull(host);
    }

    /// @param id of a container
    /// @return empty if there is no such container
    public Optional<Inspected> read(String id) throws EngineUnavailable, InterruptedException {
        Optional<ProtoMessage> answer =
                connection.find(
                        CriMethod.CONTAINER_STATUS,
                        new ProtoBuilder().text(REQUEST_ID, id).flag(REQUEST_VERBOSE, true));
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(answer.get(), id));
        } catch (NotUnderstood e) {
            throw notUnderstood(e.reason());
        } catch (IOException e) {
            throw notUnderstood("it is not a valid message");
        }
    }

    private EngineUnavailable notUnderstood(String reason) {
        return new EngineUnavailable(
                CriErrorMessages.notUnderstood(
                        connection.socket(), CriMethod.CONTAINER_STATUS, reason));
    }

    private Inspected parse(ProtoMessage answer, String id)
            throws IOException, NotUnderstood, EngineUnavailable, InterruptedException {
        ProtoMessage status = answer.message(STATUS);
        if (!status.text(ID).equals(id)) {
            throw new NotUnderstood("it is about another container");
        }
        boolean running = status.number(STATE) == ContainerList.RUNNING;
        return new Inspected(
                running ? running(answer, status) : ended(status),
                running,
                Long.toString(status.number(STARTED_AT)),
                Optional.empty(),
                restarts(status, running));
    }

    /// Of a container that has ended, nothing is judged. Its verbose info may be gone.
    private Container ended(ProtoMessage status) throws IOException {
        Map<String, String> labels = status.map(LABELS);
        return Container.unreadable(
                status.text(ID),
                Pod.ofContainer(labels).nameOf(status.message(METADATA).text(1)),
                host);
    }

    private Container running(ProtoMessage answer, ProtoMessage status)
            throws IOException, NotUnderstood, EngineUnavailable, InterruptedException {
        RuntimeSpec spec = RuntimeSpec.parse(answer.map(INFO).getOrDefault("info", ""));
        String sandbox = spec.sandbox();
        Map<String, String> ownLabels = status.map(LABELS);
        Pod pod = pods.of(Set.of(sandbox)).getOrDefault(sandbox, Pod.ofContainer(ownLabels));
        String name = status.message(METADATA).text(1);
        return new Container(
                status.text(ID),
                pod.nameOf(name),
                images.resolve(ImageNames.of(status.message(IMAGE))),
                host,
                false,
                spec.readonlyRootfs(),
                DeclaredMounts.of(status, spec, sandbox, pod.uid()),
                spec.user(),
                spec.privileged(),
                spec.capabilities(),
                false,
                pod.labelsOf(name, ownLabels),
                spec.pid(),
                spec.isolation(pod.handler(), sandbox),
                false,
                spec.engineFiles(sandbox));
    }

    /// The kubelet makes a new container for each restart, and counts them in `attempt`. While it
    /// waits, there is no container.
    private Optional<RestartLoop> restarts(ProtoMessage status, boolean running)
            throws IOException {
        long attempt = status.message(METADATA).number(2);
        Duration age =
                Duration.between(
                        Instant.EPOCH.plusNanos(status.number(STARTED_AT)), clock.instant());
        Duration left = RestartLoop.SETTLED_AFTER.minus(age);
        return attempt > 0 && running && left.isPositive()
                ? Optional.of(
                        new RestartLoop(
                                Math.clamp(attempt, 1, Integer.MAX_VALUE),
                                OptionalInt.empty(),
                                Optional.of(left)))
                : Optional.empty();
    }
}
