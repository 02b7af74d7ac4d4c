package io.github.writeprobe.cycle;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.Isolation;
import io.github.writeprobe.probes.Observation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// How much memory something takes about, in characters of at most two bytes.
public final class Weights {
    /// What a text takes beside its characters.
    private static final long OBJECT = 64;

    /// Why a container is not verified of which too much is declared.
    public static final String TOO_MUCH_DECLARED =
            "the engine declares too much of it to be kept, together with what it declares of"
                    + " others: docker inspect shows what is so long, mostly labels";

    private Weights() {}

    /// Of what an engine declares of a container.
    public static long of(Container c) {
        long weight = text(c.name()) + text(c.image()) + text(c.user()) + texts(c.capabilities());
        for (Map.Entry<String, String> label : c.labels().entrySet()) {
            weight += text(label.getKey()) + text(label.getValue());
        }
        for (DeclaredMount mount : c.mounts()) {
            weight +=
                    text(mount.destination())
                            + text(mount.source())
                            + text(mount.propagation())
                            + text(mount.options());
        }
        return weight + of(c.isolation());
    }

    private static long of(Isolation isolation) {
        long weight =
                text(isolation.runtime())
                        + text(isolation.pidMode())
                        + texts(isolation.deviceRules())
                        + texts(isolation.securityOptions())
                        + texts(isolation.readonlyPaths().orElse(List.of()));
        for (Isolation.Device device : isolation.devices()) {
            weight +=
                    text(device.onHost()) + text(device.inContainer()) + text(device.permissions());
        }
        return weight;
    }

    /// Of what witnesses said of a container.
    public static long of(List<ProbeResult> testimonies) {
        long weight = 0;
        for (ProbeResult testimony : testimonies) {
            // Each field of a line is a text of its own, and so is the line.
            for (MountEntry mount : testimony.mounts().entries()) {
                weight += 8 * OBJECT + 2L * mount.line().length();
            }
            for (Observation observation : testimony.observations()) {
                weight += 2 * OBJECT + text(observation.path()) + text(observation.resolved());
            }
            weight += texts(testimony.leftovers());
        }
        return weight;
    }

    private static long texts(Collection<String> texts) {
        return texts.stream().mapToLong(Weights::text).sum();
    }

    private static long text(String text) {
        return OBJECT + text.length();
    }
}
