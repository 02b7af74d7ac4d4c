package io.github.writeprobe.recommend.format;

import java.util.LinkedHashMap;
import java.util.Map;

/// The volumes that a Compose file declares, with unique names.
final class ComposeTopLevelVolumes {
    private final UniqueNames names = new UniqueNames();
    private final Map<String, String> external = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    /// @return the name in this file
    String add(String wanted) {
        String name = names.assign(UniqueNames.sanitize(wanted));
        text.append("  ").append(YamlText.of(name)).append(": {}\n");
        return name;
    }

    /// A volume that already exists on the engine.
    String addExternal(String source) {
        return external.computeIfAbsent(
                source,
                s -> {
                    String name = names.assign(UniqueNames.sanitize(s));
                    text.append("  ")
                            .append(YamlText.of(name))
                            .append(":\n    external: true\n    name: ")
                            .append(ComposeEscaper.scalar(s))
                            .append('\n');
                    return name;
                });
    }

    String text() {
        return text.isEmpty() ? "" : "volumes:\n" + text;
    }
}
