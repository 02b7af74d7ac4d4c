package io.github.writeprobe.config;

import io.github.writeprobe.config.Configuration.Probe;
import io.github.writeprobe.config.Configuration.WitnessChoice;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.policy.ContainerPolicyRule;
import io.github.writeprobe.policy.ContainerSelector;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.policy.Waiver;
import io.github.writeprobe.probing.ProbeSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Writes a complete configuration as YAML.
public final class ConfigurationWriter {
    private static final DumpSettings SETTINGS =
            DumpSettings.builder()
                    .setSchema(new CoreSchema())
                    .setDefaultFlowStyle(FlowStyle.BLOCK)
                    .setSplitLines(false)
                    .setIndicatorIndent(2)
                    .setIndentWithIndicator(true)
                    .setDereferenceAliases(true)
                    .build();

    private ConfigurationWriter() {}

    /// A file with every key, defaults included. Reading it gives an equal configuration, except
    /// for the line numbers in the names of rules.
    ///
    /// A key of a rule or waiver is omitted if its absence means "all".
    public static String render(Configuration configuration) {
        Map<String, Object> top = new LinkedHashMap<>();
        top.put("engine", Map.of("hosts", configuration.hosts()));
        top.put("probe", probe(configuration.probe()));
        top.put("policy", policy(configuration.policy()));
        top.put("metrics", Map.of("paths", configuration.metrics().paths().label()));
        top.put("web", Map.of("listen-address", configuration.web().listenAddress()));
        return new Dump(SETTINGS).dumpToString(top);
    }

    private static Map<String, @Nullable Object> probe(Probe probe) {
        Map<String, @Nullable Object> section = new LinkedHashMap<>();
        ProbeSettings settings = probe.settings();
        section.put("witness", WitnessChoice.of(settings.onlyWitness()).label());
        section.put("interval", Durations.render(probe.interval()));
        section.put("exec-interval", Durations.render(probe.execInterval()));
        section.put("full-interval", Durations.render(settings.fullInterval()));
        section.put("timeout", Durations.render(settings.timeout()));
        section.put("concurrency", settings.concurrency());
        section.put("paths", settings.paths());
        section.put("execute", settings.execute());
        section.put("exec-as-root", settings.execAsRoot());
        section.put("pod-sandboxes", settings.podSandboxes());
        section.put("mount-actors", probe.mountActors());
        section.put("sidecar-image", settings.sidecarImage().orElse(null));
        return section;
    }

    private static Map<String, Object> policy(Policy policy) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("fail-on", policy.failOn().label());
        section.put("honour-labels", policy.honourLabels());
        section.put("rules", policy.rules().stream().map(ConfigurationWriter::rule).toList());
        section.put("waivers", policy.waivers().stream().map(ConfigurationWriter::waiver).toList());
        return section;
    }

    private static Map<String, Object> rule(ContainerPolicyRule rule) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("match", match(rule.match()));
        section.put("rootfs", rule.rootfs().label());
        rule.writable().ifPresent(paths -> section.put("writable", paths));
        section.put("noexec", rule.noexec());
        return section;
    }

    private static Map<String, Object> waiver(Waiver waiver) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("match", match(waiver.match()));
        if (!waiver.kinds().isEmpty()) {
            section.put(
                    "findings", waiver.kinds().stream().sorted().map(FindingKind::label).toList());
        }
        if (!waiver.paths().isEmpty()) {
            section.put("paths", waiver.paths());
        }
        section.put("reason", waiver.note().reason());
        section.put("owner", waiver.note().owner());
        waiver.note().expires().ifPresent(day -> section.put("expires", day.toString()));
        return section;
    }

    private static Map<String, Object> match(ContainerSelector match) {
        Map<String, Object> fields = new TreeMap<>(match.patterns());
        fields.computeIfPresent(ContainerSelector.SELF, (_, self) -> self.equals("true"));
        return fields;
    }
}
