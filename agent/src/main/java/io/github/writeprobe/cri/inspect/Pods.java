package io.github.writeprobe.cri.inspect;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cri.transport.CriConnection;
import io.github.writeprobe.cri.transport.CriMethod;
import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The pods of a runtime. Nothing but its end changes about a pod's sandbox, so they are listed
/// again only for a sandbox that is not known yet.
public final class Pods {
    private static final int FILTER = 1;
    private static final int FILTER_ID = 1;
    private static final int ITEMS = 1;
    private static final int ID = 1;
    private static final int STATE = 3;
    private static final int READY = 0;

    private final CriConnection connection;
    private volatile Map<String, Pod> bySandbox = Map.of();

    public Pods(CriConnection connection) {
        this.connection = requireNonNull(connection);
    }

    /// The pods of these sandboxes. A sandbox that the runtime does not list is missing.
    public Map<String, Pod> of(Collection<String> sandboxes)
            throws EngineUnavailable, InterruptedException {
        if (!bySandbox.keySet().containsAll(sandboxes)) {
            bySandbox = list();
        }
        return bySandbox;
    }

    /// Whether a sandbox lives. Those of pods that have ended, or are removed, do not.
    boolean isReady(String sandbox) throws EngineUnavailable, InterruptedException {
        ProtoBuilder filter = new ProtoBuilder().text(FILTER_ID, sandbox);
        for (byte[] item :
                connection
                        .call(
                                CriMethod.LIST_POD_SANDBOX,
                                new ProtoBuilder().message(FILTER, filter))
                        .elements(ITEMS)) {
            try {
                ParsedProtoMessage message = ParsedProtoMessage.parse(item);
                if (message.text(ID).equals(sandbox)) {
                    return message.number(STATE) == READY;
                }
            } catch (IOException e) {
                // Nobody can tell which sandbox it is.
            }
        }
        return false;
    }

    private Map<String, Pod> list() throws EngineUnavailable, InterruptedException {
        Map<String, Pod> pods = new HashMap<>();
        for (byte[] item :
                connection.call(CriMethod.LIST_POD_SANDBOX, new ProtoBuilder()).elements(ITEMS)) {
            parse(item).ifPresent(pod -> pods.put(pod.getKey(), pod.getValue()));
        }
        return Map.copyOf(pods);
    }

    /// A sandbox that cannot be read hides only itself: the labels of its containers name the pod.
    private static Optional<Map.Entry<String, Pod>> parse(byte[] item) {
        try {
            return Optional.of(Pod.parse(ParsedProtoMessage.parse(item)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
