package io.github.writeprobe.cri.inspect;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cri.transport.CriConnection;
import io.github.writeprobe.cri.transport.CriMethod;
import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.engine.Engine.ContainerState;
import io.github.writeprobe.engine.Engine.Listed;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The containers of a runtime that run or may run, or wait for their restart.
///
/// The kubelet makes a new container for each restart, and keeps the last one that ended. Nothing
/// marks a container that will be restarted. So each that was restarted before may be one, if it is
/// the newest of its name in its pod; its status tells.
public final class CriContainerLister {
    static final int CREATED = 0;
    static final int RUNNING = 1;
    static final int EXITED = 2;

    private static final int CONTAINERS = 1;
    private static final int FILTER = 1;
    private static final int FILTER_STATE = 2;

    private static final int ID = 1;
    private static final int POD_SANDBOX_ID = 2;
    private static final int METADATA = 3;
    private static final int IMAGE = 4;
    private static final int STATE = 6;
    private static final int CREATED_AT = 7;
    private static final int LABELS = 8;

    private static final Comparator<Entry> BY_AGE =
            Comparator.comparingLong(Entry::attempt).thenComparingLong(Entry::createdAt);

    private static final Pattern VALID_ID = Pattern.compile("[0-9a-f]{64}");

    private final CriConnection connection;
    private final Pods pods;

    /// Those that have ended and will not be restarted.
    private final Set<String> finished = ConcurrentHashMap.newKeySet();

    public CriContainerLister(CriConnection connection, Pods pods) {
        this.connection = requireNonNull(connection);
        this.pods = requireNonNull(pods);
    }

    /// An entry of the list.
    ///
    /// @param attempt how often it was restarted before
    /// @param createdAt in nanoseconds since 1970
    /// @param image as the pod names it
    /// @param labels of the container and of its pod
    public record Entry(
            String id,
            String sandbox,
            Pod pod,
            String container,
            long attempt,
            long state,
            long createdAt,
            String image,
            Map<String, String> labels) {
        /// A container whose state the runtime does not know may run.
        private boolean mayRun() {
            return state != CREATED && state != EXITED;
        }

        private boolean mayBeRestarted() {
            return state == EXITED && attempt > 0;
        }

        /// The same for the container of every restart.
        private String place() {
            return sandbox + "/" + container;
        }

        public String name() {
            return pod.nameOf(container);
        }

        /// For [io.github.writeprobe.engine.Engine#list]. The list does not tell what a container
        /// mounts.
        public Listed toListed() {
            return new Listed(
                    id,
                    name(),
                    mayRun() ? ContainerState.RUNNING : ContainerState.RESTARTING,
                    Optional.empty(),
                    List.of());
        }
    }

    /// @param unreadable the number of entries that cannot be read
    public record Entries(List<Entry> entries, int unreadable) {
        public Entries {
            entries = List.copyOf(entries);
        }

        /// The id of a container.
        ///
        /// @param reference a name, or the beginning of an id
        /// @return empty if there is none, or if the beginning is that of several ids
        public Optional<String> find(String reference) {
            List<String> named =
                    entries.stream()
                            .filter(e -> e.name().equals(reference))
                            .map(Entry::id)
                            .toList();
            List<String> found =
                    named.isEmpty()
                            ? entries.stream()
                                    .map(Entry::id)
                                    .filter(id -> id.startsWith(reference))
                                    .toList()
                            : named;
            return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
        }
    }

    /// The id of a container.
    ///
    /// @param reference an id, a name, or the beginning of the id of one that is listed
    public Optional<String> resolve(String reference)
            throws EngineUnavailable, InterruptedException {
        return isId(reference) ? Optional.of(reference) : live().find(reference);
    }

    public static boolean isId(String text) {
        return VALID_ID.matcher(text).matches();
    }

    /// Those that run.
    public Entries running() throws EngineUnavailable, InterruptedException {
        Entries running =
                list(
                        new ProtoBuilder()
                                .message(
                                        FILTER,
                                        new ProtoBuilder()
                                                .message(
                                                        FILTER_STATE,
                                                        new ProtoBuilder().number(1, RUNNING))));
        return new Entries(withPods(running.entries()), running.unreadable());
    }

    /// Those that run or may run, and those that may wait for their restart.
    public Entries live() throws EngineUnavailable, InterruptedException {
        Entries all = list(new ProtoBuilder());
        finished.retainAll(all.entries().stream().map(Entry::id).collect(Collectors.toSet()));
        Map<String, Entry> newest =
                all.entries().stream()
                        .collect(
                                Collectors.toMap(
                                        Entry::place,
                                        Function.identity(),
                                        BinaryOperator.maxBy(BY_AGE)));
        return new Entries(
                withPods(
                        all.entries().stream()
                                .filter(entry ->
                                        entry.mayRun()
                                                || (entry.mayBeRestarted()
                                                        && entry.equals(newest.get(entry.place()))
                                                        && !finished.contains(entry.id())))
                                .toList()),
                all.unreadable());
    }

    /// The container that the kubelet restarted as this one.
    ///
    /// @param id of a container
    /// @return empty if it was not restarted, or if the one before is gone
    public Optional<String> predecessor(String id) throws EngineUnavailable, InterruptedException {
        List<Entry> all = list(new ProtoBuilder()).entries();
        return all.stream()
                .filter(entry -> entry.id().equals(id))
                .findFirst()
                .flatMap(restarted ->
                        all.stream()
                                .filter(entry -> entry.place().equals(restarted.place()))
                                .filter(entry -> BY_AGE.compare(entry, restarted) < 0)
                                .max(BY_AGE))
                .map(Entry::id);
    }

    /// An ended container turned out not to be restarted. It is not listed any more.
    void finished(String id) {
        finished.add(id);
    }

    private Entries list(ProtoBuilder request) throws EngineUnavailable, InterruptedException {
        List<Entry> entries = new ArrayList<>();
        int unreadable = 0;
        for (byte[] element :
                connection.call(CriMethod.LIST_CONTAINERS, request).elements(CONTAINERS)) {
            Optional<Entry> entry = parse(element);
            entry.ifPresent(entries::add);
            unreadable += entry.isPresent() ? 0 : 1;
        }
        return new Entries(entries, unreadable);
    }

    private static Optional<Entry> parse(byte[] element) {
        try {
            ParsedProtoMessage message = ParsedProtoMessage.parse(element);
            Map<String, String> labels = message.map(LABELS);
            return Optional.of(
                            new Entry(
                                    message.text(ID),
                                    message.text(POD_SANDBOX_ID),
                                    Pod.ofContainer(labels),
                                    message.message(METADATA).text(1),
                                    message.message(METADATA).number(2),
                                    message.number(STATE),
                                    message.number(CREATED_AT),
                                    ImageNameLookup.of(message.message(IMAGE)),
                                    labels))
                    .filter(entry -> isId(entry.id()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<Entry> withPods(List<Entry> entries)
            throws EngineUnavailable, InterruptedException {
        Map<String, Pod> known = pods.of(entries.stream().map(Entry::sandbox).toList());
        return entries.stream()
                .map(e -> {
                    Pod pod = known.getOrDefault(e.sandbox(), e.pod());
                    return new Entry(
                            e.id(),
                            e.sandbox(),
                            pod,
                            e.container(),
                            e.attempt(),
                            e.state(),
                            e.createdAt(),
                            e.image(),
                            pod.labelsOf(e.container(), e.labels()));
                })
                .toList();
    }
}
