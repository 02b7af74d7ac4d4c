package io.github.writeprobe.agent;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.recommend.observe.ReadOnlyErrorFinder;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds in the log of a container that has ended, or that restarts again and again, what it could
/// not write.
public final class RefusedWriteLogReader {
    private RefusedWriteLogReader() {}

    /// @param environment where DOCKER_HOST and related variables are looked up
    /// @return paths, those on mounts included; none if the container runs. Untrusted text
    public static List<String> search(
            Configuration configuration, Map<String, String> environment, String container)
            throws InterruptedException {
        List<Engine> engines;
        try {
            engines = ComponentFactory.openEngines(configuration, environment);
        } catch (BadEndpoint e) {
            // The audit has reported it.
            return List.of();
        }
        try {
            for (Engine engine : engines) {
                List<String> refused = searchIfUp(engine, container);
                if (!refused.isEmpty()) {
                    return refused;
                }
            }
            return List.of();
        } finally {
            engines.forEach(Engine::close);
        }
    }

    private static List<String> searchIfUp(Engine engine, String container)
            throws InterruptedException {
        try {
            return search(engine, container);
        } catch (EngineUnavailable e) {
            // The audit has reported it. Another engine may have the container.
            return List.of();
        }
    }

    private static List<String> search(Engine engine, String container)
            throws EngineUnavailable, InterruptedException {
        Optional<RecommendEngine> logs = engine.ability(RecommendEngine.class);
        if (logs.isEmpty()) {
            return List.of();
        }
        Optional<String> failing =
                engine.inspect(container)
                        .filter(i -> !i.running() || i.restarts().isPresent())
                        .map(i -> i.container().id());
        return failing.isPresent()
                ? ReadOnlyErrorFinder.of(
                        logs.get().log(failing.get(), ReadOnlyErrorFinder.LOG_LINES), List.of())
                : List.of();
    }
}
