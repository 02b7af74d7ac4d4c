package io.github.writeprobe.cri.inspect;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cri.transport.CriConnection;
import io.github.writeprobe.cri.transport.CriMethod;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.cri.transport.ProtoMessage;
import io.github.writeprobe.engine.Engine.ContainerState;
import io.github.writeprobe.engine.Engine.Listed;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The running containers of a runtime.
public final class ContainerList {
    static final int RUNNING = 1;

    private static final int CONTAINERS = 1;
    private static final int FILTER = 1;
    private static final int FILTER_STATE = 2;

    private static final int ID = 1;
    private static final int POD_SANDBOX_ID = 2;
    private static final int METADATA = 3;
    private static final int IMAGE = 4;
    private static final int LABELS = 8;

    private static final Pattern VALID_ID = Pattern.compile("[0-9a-f]{64}");

    private final CriConnection connection;
    private final Pods pods;

    public ContainerList(CriConnection connection, Pods pods) {
        this.connection = requireNonNull(connection);
        this.pods = requireNonNull(pods);
    }

    /// An entry of the list.
    ///
    /// @param labels of the container and of its pod
    /// @param image as the pod names it
    public record Entry(
            String id,
            String sandbox,
            Pod pod,
            String container,
            String image,
            Map<String, String> labels) {
        public String name() {
            return pod.nameOf(container);
        }

        /// For [io.github.writeprobe.engine.Engine#list]. The list does not tell what a container
        /// mounts.
        public Listed toListed() {
            return new Listed(id, name(), ContainerState.RUNNING, Optional.empty(), List.of());
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

    public static boolean isId(String text) {
        return VALID_ID.matcher(text).matches();
    }

    public Entries running() throws EngineUnavailable, InterruptedException {
        List<byte[]> elements =
                connection
                        .call(
                                CriMethod.LIST_CONTAINERS,
                                new ProtoBuilder()
                                        .message(
                                                FILTER,
                                                new ProtoBuilder()
                                                        .message(
                                                                FILTER_STATE,
                                                                new ProtoBuilder()
                                                                        .number(1, RUNNING))))
                        .elements(CONTAINERS);
        List<Entry> entries = new ArrayList<>();
        int unreadable = 0;
        for (byte[] element : elements) {
            Optional<Entry> entry = parse(element);
            entry.ifPresent(entries::add);
            unreadable += entry.isPresent() ? 0 : 1;
        }
        return new Entries(withPods(entries), unreadable);
    }

    private static Optional<Entry> parse(byte[] element) {
        try {
            ProtoMessage message = ProtoMessage.parse(element);
            Map<String, String> labels = message.map(LABELS);
            return Optional.of(
                            new Entry(
                                    message.text(ID),
                                    message.text(POD_SANDBOX_ID),
                                    Pod.ofContainer(labels),
                                    message.message(METADATA).text(1),
                                    ImageNames.of(message.message(IMAGE)),
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
                            e.image(),
                            pod.labelsOf(e.container(), e.labels()));
                })
                .toList();
    }
}
