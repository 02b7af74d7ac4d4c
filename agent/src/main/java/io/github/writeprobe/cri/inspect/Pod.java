package io.github.writeprobe.cri.inspect;

import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A pod, as the runtime lists its sandbox. All texts in it are untrusted.
///
/// @param labels of the pod: those of its manifest, and some that the kubelet adds
/// @param handler the runtime class that it was started with; empty for the default
public record Pod(
        String namespace, String name, String uid, Map<String, String> labels, String handler) {
    private static final String POD_NAME = "io.kubernetes.pod.name";
    private static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    private static final String POD_UID = "io.kubernetes.pod.uid";
    private static final String CONTAINER_NAME = "io.kubernetes.container.name";

    private static final int ID = 1;
    private static final int METADATA = 2;
    private static final int LABELS = 5;
    private static final int RUNTIME_HANDLER = 7;

    public Pod {
        labels = Map.copyOf(labels);
    }

    /// A pod that the runtime no longer lists, by the labels that the kubelet gave its container.
    static Pod ofContainer(Map<String, String> labels) {
        return new Pod(
                labels.getOrDefault(POD_NAMESPACE, ""),
                labels.getOrDefault(POD_NAME, ""),
                labels.getOrDefault(POD_UID, ""),
                Map.of(),
                "");
    }

    /// Reads a `PodSandbox`.
    static Map.Entry<String, Pod> parse(ParsedProtoMessage sandbox) throws IOException {
        ParsedProtoMessage metadata = sandbox.message(METADATA);
        return Map.entry(
                sandbox.text(ID),
                new Pod(
                        metadata.text(3),
                        metadata.text(1),
                        metadata.text(2),
                        sandbox.map(LABELS),
                        sandbox.text(RUNTIME_HANDLER)));
    }

    /// The name of a container, as everybody on Kubernetes writes it: `NAMESPACE/POD/CONTAINER`.
    String nameOf(String container) {
        return namespace + "/" + name + "/" + container;
    }

    /// The labels of a container in it: its own, those of the pod, and the names, which no label of
    /// a user replaces.
    Map<String, String> labelsOf(String container, Map<String, String> ofContainer) {
        Map<String, String> all = new LinkedHashMap<>(labels);
        all.putAll(ofContainer);
        all.put(POD_NAMESPACE, namespace);
        all.put(POD_NAME, name);
        all.put(POD_UID, uid);
        all.put(CONTAINER_NAME, container);
        return all;
    }

    /// Whether it has a label of Docker's syntax: `KEY`, or `KEY=VALUE`.
    static boolean hasLabel(Map<String, String> labels, String wanted) {
        int sign = wanted.indexOf('=');
        return sign < 0
                ? labels.containsKey(wanted)
                : Optional.ofNullable(labels.get(wanted.substring(0, sign)))
                        .filter(wanted.substring(sign + 1)::equals)
                        .isPresent();
    }
}
