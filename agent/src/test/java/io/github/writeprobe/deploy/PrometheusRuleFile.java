package io.github.writeprobe.deploy;

import java.util.stream.Collectors;

/// The rules of `config/prometheus` as an object of the Prometheus operator.
///
/// It is made from the text of the rules, so that their comments stay.
final class PrometheusRuleFile {
    static final String PATH = "config/kubernetes/prometheusrule.yml";

    private static final String HEADER =
            """
            # For the Prometheus operator: the rules of config/prometheus, from which PrometheusRuleTest makes this file. It is not
            # in kustomization.yaml, because a cluster without the operator refuses it.
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata:
              name: writeprobe
              labels:
                app.kubernetes.io/name: writeprobe
                app.kubernetes.io/instance: writeprobe
            spec:
              groups:
            """;

    private PrometheusRuleFile() {}

    static String ofRules() {
        return Deployed.RULES.stream()
                .map(PrometheusRuleFile::groups)
                .collect(Collectors.joining("", HEADER, ""));
    }

    /// The groups of a file with rules, two columns deeper.
    private static String groups(String file) {
        String text = Deployed.text(file);
        return text.substring(text.indexOf("\ngroups:\n") + "\ngroups:\n".length())
                .lines()
                .map(line -> line.isEmpty() ? "\n" : "  " + line + "\n")
                .collect(Collectors.joining());
    }
}
