package io.github.writeprobe.cri.inspect;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cri.transport.CriConnection;
import io.github.writeprobe.cri.transport.CriErrorMessages;
import io.github.writeprobe.cri.transport.CriMethod;
import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.engine.Engine.Inspected;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.engine.RestartLoopStatus;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Reads what a runtime declares for a container: a verbose `ContainerStatus`, and its pod.
public final class ContainerStatusReader {
    private static final int REQUEST_ID = 1;
    private static final int REQUEST_VERBOSE = 2;
    private static final int STATUS = 1;
    private static final int INFO = 2;

    private static final int ID = 1;
    private static final int METADATA = 2;
    private static final int STATE = 3;
    private static final int CREATED_AT = 4;
    private static final int STARTED_AT = 5;
    private static final int FINISHED_AT = 6;
    private static final int EXIT_CODE = 7;
    private static final int IMAGE = 8;
    private static final int LABELS = 12;
    private static final int LOG_PATH = 15;

    /// After a run of that time the kubelet restarts a container at once, as if for the first time:
    /// twice its longest back-off.
    private static final Duration BACK_OFF_RESET = Duration.ofMinutes(10);

    private final CriConnection connection;
    private final CriContainerLister containers;
    private final Pods pods;
    private final ImageNameLookup images;
    private final Clock clock;
    private final String host;

    /// @param host of the engine, as configured
    public ContainerStatusReader(
            CriConnection connection,
            CriContainerLister containers,
            Pods pods,
            ImageNameLookup images,
            Clock clock,
            String host) {
        this.connection = requireNonNull(connection);
        this.containers = requireNonNull(containers);
        this.pods = requireNonNull(pods);
        this.images = requireNonNull(images);
        this.clock = requireNonNull(clock);
        this.host = requireNonNull(host);
    }

    /// Reads an answer of the runtime.
    @FunctionalInterface
    private interface Reader<T> {
        T read(ParsedProtoMessage answer)
                throws IOException,
                        InvalidCriResponseException,
                        EngineUnavailable,
                        InterruptedException;
    }

    /// @param id of a container
    /// @return empty if there is no such container
    public Optional<Inspected> read(String id) throws EngineUnavailable, InterruptedException {
        return read(id, answer -> parse(answer, id));
    }

    /// @param id of a container
    /// @return empty if there is no such container that runs or will be restarted: of others,
    ///   nothing is declared
    public Optional<ProposalTarget> readSubject(String id)
            throws EngineUnavailable, InterruptedException {
        return read(
                        id,
                        answer -> {
                            Inspected inspected = parse(answer, id);
                            return inspected.running() || inspected.restarts().isPresent()
                                    ? Optional.of(
                                            PodProposalTargetReader.of(
                                                    inspected,
                                                    createdAt(answer.message(STATUS)),
                                                    spec(answer)))
                                    : Optional.<ProposalTarget>empty();
                        })
                .flatMap(subject -> subject);
    }

    /// Where the runtime writes the log of a container: a path of the node.
    ///
    /// @param id of a container
    /// @return empty if there is no such container, or no log
    public Optional<String> readLogPath(String id) throws EngineUnavailable, InterruptedException {
        return read(id, answer -> answer.message(STATUS).text(LOG_PATH))
                .filter(path -> path.startsWith("/"));
    }

    private static Optional<Instant> createdAt(ParsedProtoMessage status) {
        long nanos = status.number(CREATED_AT);
        return nanos > 0 ? Optional.of(Instant.ofEpochSecond(0, nanos)) : Optional.empty();
    }

    private static RuntimeSpec spec(ParsedProtoMessage answer)
            throws IOException, InvalidCriResponseException {
        return RuntimeSpec.parse(answer.map(INFO).getOrDefault("info", ""));
    }

    private <T> Optional<T> read(String id, Reader<T> reader)
            throws EngineUnavailable, InterruptedException {
        Optional<ParsedProtoMessage> answer =
                connection.find(
                        CriMethod.CONTAINER_STATUS,
                        new ProtoBuilder().text(REQUEST_ID, id).flag(REQUEST_VERBOSE, true));
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.read(answer.get()));
        } catch (InvalidCriResponseException e) {
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

    private Inspected parse(ParsedProtoMessage answer, String id)
            throws IOException,
                    InvalidCriResponseException,
                    EngineUnavailable,
                    InterruptedException {
        ParsedProtoMessage status = answer.message(STATUS);
        if (!status.text(ID).equals(id)) {
            throw new InvalidCriResponseException("it is about another container");
        }
        String startedAt = Long.toString(status.number(STARTED_AT));
        if (status.number(STATE) == CriContainerLister.RUNNING) {
            return new Inspected(
                    declared(answer, status),
                    true,
                    startedAt,
                    Optional.empty(),
                    restartedRecently(status));
        }
        if (status.number(STATE) != CriContainerLister.EXITED
                && status.number(STATE) != CriContainerLister.CREATED) {
            throw new InvalidCriResponseException("the runtime does not know whether it runs");
        }
        Optional<RestartLoopStatus> loop = waits(answer, status);
        if (loop.isEmpty() && status.number(STATE) == CriContainerLister.EXITED) {
            containers.finished(id);
        }
        return new Inspected(
                loop.isPresent() ? declared(answer, status) : ended(status),
                false,
                startedAt,
                Optional.empty(),
                loop);
    }

    /// Of a container that has ended, nothing is judged. Its verbose info may be gone.
    private Container ended(ParsedProtoMessage status) throws IOException {
        Map<String, String> labels = status.map(LABELS);
        return Container.unreadable(
                status.text(ID),
                Pod.ofContainer(labels).nameOf(status.message(METADATA).text(1)),
                host);
    }

    private Container declared(ParsedProtoMessage answer, ParsedProtoMessage status)
            throws IOException,
                    InvalidCriResponseException,
                    EngineUnavailable,
                    InterruptedException {
        RuntimeSpec spec = spec(answer);
        String sandbox = spec.sandbox();
        Map<String, String> ownLabels = status.map(LABELS);
        Pod pod = pods.of(Set.of(sandbox)).getOrDefault(sandbox, Pod.ofContainer(ownLabels));
        String name = status.message(METADATA).text(1);
        return Container.builder(status.text(ID), pod.nameOf(name), host)
                .image(images.resolve(ImageNameLookup.of(status.message(IMAGE))))
                .readonlyRootfs(spec.readonlyRootfs())
                .mounts(CriDeclaredMounts.of(status, spec, sandbox, pod.uid()))
                .user(spec.user())
                .privileged(spec.privileged())
                .capabilities(spec.capabilities())
                .labels(pod.labelsOf(name, ownLabels))
                .pid(spec.pid())
                .isolation(spec.isolation(pod.handler(), sandbox))
                .engineFiles(spec.engineFiles(sandbox))
                .build();
    }

    /// The kubelet makes a new container for each restart, and counts them in `attempt`.
    private Optional<RestartLoopStatus> restartedRecently(ParsedProtoMessage status)
            throws IOException {
        Duration age = Duration.between(time(status, STARTED_AT), clock.instant());
        Duration left = RestartLoopStatus.SETTLED_AFTER.minus(age);
        int attempt = attempt(status);
        return attempt > 0 && left.isPositive()
                ? Optional.of(
                        new RestartLoopStatus(attempt, OptionalInt.empty(), Optional.of(left)))
                : Optional.empty();
    }

    /// Whether the kubelet waits before it restarts the container: it failed, was restarted before,
    /// did not run long enough for the kubelet to forget that, and its pod lives.
    ///
    /// An init container that has ended with success looks like a container that is restarted
    /// although it never fails, so the latter is not found.
    private Optional<RestartLoopStatus> waits(ParsedProtoMessage answer, ParsedProtoMessage status)
            throws IOException, EngineUnavailable, InterruptedException {
        int attempt = attempt(status);
        int exitCode = (int) status.number(EXIT_CODE);
        Duration ran = Duration.between(time(status, STARTED_AT), time(status, FINISHED_AT));
        if (status.number(STATE) != CriContainerLister.EXITED
                || attempt == 0
                || exitCode == 0
                || ran.compareTo(BACK_OFF_RESET) >= 0) {
            return Optional.empty();
        }
        try {
            RuntimeSpec spec = RuntimeSpec.parse(answer.map(INFO).getOrDefault("info", ""));
            return pods.isReady(spec.sandbox())
                    ? Optional.of(
                            new RestartLoopStatus(
                                    attempt, OptionalInt.of(exitCode), Optional.empty()))
                    : Optional.empty();
        } catch (InvalidCriResponseException e) {
            return Optional.empty();
        }
    }

    private static int attempt(ParsedProtoMessage status) throws IOException {
        return Math.clamp(status.message(METADATA).number(2), 0, Integer.MAX_VALUE);
    }

    private static Instant time(ParsedProtoMessage status, int field) {
        return Instant.EPOCH.plusNanos(status.number(field));
    }
}
