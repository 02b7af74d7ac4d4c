package io.github.writeprobe.cycle;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.Isolation;
import java.util.HashMap;
import java.util.Map;

/// Bounds what is kept in memory of all that an engine declares of its containers.
///
/// Whoever starts containers decides how long labels, names and mounts are, and may start many. One
/// that declares as much as others do always has its place; those that declare more share one
/// bound, and whoever does not fit is not verified. For several threads.
public final class DeclarationBudget {
    /// Some ten times what a container with many mounts and labels has.
    static final long ORDINARY = 64 << 10;

    /// For all that have more, in characters of at most two bytes.
    static final long MOST = 16 << 20;

    /// What a text takes beside its characters.
    private static final long OBJECT = 64;

    private final Map<String, Long> taken = new HashMap<>();
    private long sum;

    /// @return whether what is declared of it may be kept
    public synchronized boolean take(Container container) {
        release(container.id());
        long weight = weight(container);
        if (weight <= ORDINARY) {
            return true;
        }
        if (sum + weight > MOST) {
            return false;
        }
        taken.put(container.id(), weight);
        sum += weight;
        return true;
    }

    /// It is not kept any more.
    public synchronized void release(String id) {
        Long weight = taken.remove(id);
        sum -= weight == null ? 0 : weight;
    }

    /// Why one is not verified that does not fit.
    public static String sentence() {
        return "the engine declares too much of it to be kept, together with what it declares of"
                + " others: docker inspect shows what is so long, mostly labels";
    }

    private static long weight(Container c) {
        long weight = text(c.name()) + text(c.image()) + text(c.user());
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
        weight += c.capabilities().stream().mapToLong(DeclarationBudget::text).sum();
        return weight + weight(c.isolation());
    }

    private static long weight(Isolation isolation) {
        long weight = text(isolation.runtime()) + text(isolation.pidMode());
        for (Isolation.Device device : isolation.devices()) {
            weight +=
                    text(device.onHost()) + text(device.inContainer()) + text(device.permissions());
        }
        weight += isolation.deviceRules().stream().mapToLong(DeclarationBudget::text).sum();
        weight += isolation.securityOptions().stream().mapToLong(DeclarationBudget::text).sum();
        return weight
                + isolation.readonlyPaths().stream()
                        .flatMap(paths -> paths.stream())
                        .mapToLong(DeclarationBudget::text)
                        .sum();
    }

    private static long text(String text) {
        return OBJECT + text.length();
    }
}
