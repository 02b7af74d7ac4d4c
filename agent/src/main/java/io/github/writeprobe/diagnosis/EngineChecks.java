package io.github.writeprobe.diagnosis;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineSystemInfo;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.model.Diagnosis.Area;
import io.github.writeprobe.model.Diagnosis.Check;
import io.github.writeprobe.model.Diagnosis.State;
import io.github.writeprobe.model.EngineReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which engines answer, and how they are set up.
public final class EngineChecks {
    private EngineChecks() {}

    /// @param report on the engine
    public static Check of(EngineReport report, Engine engine) throws InterruptedException {
        if (report.error().isPresent()) {
            return new Check(Area.ENGINES, report.host(), State.FAILS, report.error().get(), "");
        }
        return new Check(
                Area.ENGINES, report.host(), State.WORKS, detail(report, setup(engine)), "");
    }

    /// A socket of an engine that was found, but not used.
    public static Check unused(String host) {
        return new Check(
                Area.ENGINES,
                host,
                State.UNUSED,
                "found, but not used",
                "writeprobe audit --host " + host);
    }

    /// @return empty if the engine cannot describe itself, or if a proxy in front of it refuses
    ///   that; nothing depends on it
    private static Optional<EngineSystemInfo> setup(Engine engine) throws InterruptedException {
        Optional<EngineSystemInfo.Source> source = engine.ability(EngineSystemInfo.Source.class);
        try {
            return source.isPresent() ? Optional.of(source.get().setup()) : Optional.empty();
        } catch (EngineUnavailable refused) {
            return Optional.empty();
        }
    }

    private static String detail(EngineReport report, Optional<EngineSystemInfo> setup) {
        List<String> parts = new ArrayList<>();
        parts.add("version " + report.version() + ", API " + report.apiVersion());
        setup.ifPresent(known -> {
            addList(parts, "runtimes ", known.runtimes());
            if (!known.cgroupVersion().isEmpty()) {
                parts.add("cgroup version " + known.cgroupVersion());
            }
            addList(parts, "security: ", known.securityOptions());
        });
        return String.join("; ", parts);
    }

    private static void addList(List<String> parts, String title, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(title + String.join(", ", values));
        }
    }
}
