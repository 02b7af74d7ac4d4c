package io.github.writeprobe.probing;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredIsolation;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.EngineStoragePaths;
import io.github.writeprobe.model.TypeSpecificMountOptions;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Estimates how much memory a value takes, in characters of at most two bytes.
public final class UntrustedDataSizeEstimator {
    /// What a string takes in addition to its characters.
    private static final long OBJECT_OVERHEAD = 64;

    /// Why a container is unverified if its declaration does not fit into the
    /// [UntrustedDataBudget].
    public static final String TOO_MUCH_DECLARED =
            "the declarations of this and other containers are too large to keep in memory:"
                    + " docker inspect shows what is so long, mostly labels";

    private UntrustedDataSizeEstimator() {}

    /// The weight of a container's declaration.
    public static long of(Container container) {
        long weight =
                text(container.name())
                        + text(container.image())
                        + text(container.user())
                        + texts(container.capabilities());
        for (Map.Entry<String, String> label : container.labels().entrySet()) {
            weight += text(label.getKey()) + text(label.getValue());
        }
        for (DeclaredMount mount : container.mounts()) {
            weight +=
                    text(mount.destination())
                            + text(mount.source())
                            + text(mount.propagation())
                            + text(mount.options())
                            + of(mount.details());
        }
        return weight + of(container.isolation()) + of(container.engineFiles());
    }

    private static long of(TypeSpecificMountOptions details) {
        return text(details.subpath()) + text(details.relabel()) + texts(details.unknown());
    }

    private static long of(EngineStoragePaths paths) {
        return text(paths.dataRoot()) + text(paths.execRoot()) + texts(paths.ownTmpfs());
    }

    private static long of(DeclaredIsolation isolation) {
        long weight =
                text(isolation.runtime())
                        + text(isolation.pidMode())
                        + texts(isolation.deviceRules())
                        + texts(isolation.securityOptions())
                        + texts(isolation.readonlyPaths().orElse(List.of()));
        for (DeclaredIsolation.Device device : isolation.devices()) {
            weight +=
                    text(device.pathOnHost())
                            + text(device.pathInContainer())
                            + text(device.permissions());
        }
        return weight;
    }

    /// The weight of a container's probe results.
    public static long of(List<ProbeResult> results) {
        long weight = 0;
        for (ProbeResult result : results) {
            // Each field of a line is a string of its own, and so is the line.
            for (MountEntry mount : result.mounts().entries()) {
                weight += 8 * OBJECT_OVERHEAD + 2L * mount.line().length();
            }
            for (PathObservation observation : result.observations()) {
                weight +=
                        2 * OBJECT_OVERHEAD
                                + text(observation.path())
                                + text(observation.resolved());
            }
            weight += texts(result.leftovers());
        }
        return weight;
    }

    private static long texts(Collection<String> texts) {
        return texts.stream().mapToLong(UntrustedDataSizeEstimator::text).sum();
    }

    private static long text(String text) {
        return OBJECT_OVERHEAD + text.length();
    }
}
