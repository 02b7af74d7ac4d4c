package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.engine.EngineSystemInfo;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.text.EngineText;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Reads what an engine says of itself.
///
/// @see <a href="https://docs.docker.com/reference/api/engine/version/v1.51/#tag/System">GET
///   /info</a>
public final class EngineSystemInfoReader {
    private static final String CALL = "GET /info";
    private static final String NAME_OPTION = "name=";

    private EngineSystemInfoReader() {}

    public static EngineSystemInfo read(EngineCallExecutor calls)
            throws EngineUnavailable, InterruptedException {
        return parse(calls.execute(CALL, () -> calls.requireJson(CALL, calls.api().get("/info"))));
    }

    static EngineSystemInfo parse(JsonNode info) {
        TreeSet<String> runtimes = new TreeSet<>();
        info.path("Runtimes").fieldNames().forEachRemaining(runtimes::add);
        // Aliases of runc in Docker, which no container needs to name.
        runtimes.removeIf(name -> name.startsWith("io.containerd.run"));
        List<String> options = new ArrayList<>();
        for (JsonNode option : info.path("SecurityOptions")) {
            // As in name=seccomp,profile=default.
            String name = option.asText("").split(",", 2)[0];
            options.add(
                    EngineText.sanitize(
                            name.startsWith(NAME_OPTION)
                                    ? name.substring(NAME_OPTION.length())
                                    : name));
        }
        return new EngineSystemInfo(
                runtimes.stream().map(EngineText::sanitize).toList(),
                EngineText.sanitize(info.path("CgroupVersion").asText("")),
                options);
    }
}
