package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.WorkloadLabels;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The workload that created a pod, guessed from the pod's name.
///
/// @param namespace empty if it has none
record PodOwner(Kind kind, String name, String namespace) {
    enum Kind {
        DEPLOYMENT("Deployment"),
        STATEFUL_SET("StatefulSet"),
        DAEMON_SET("DaemonSet");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private static final int MAX_LENGTH = 63;

    /// Pods of a Deployment end in the hash of the template and a random suffix, both without
    /// vowels. Pods of a StatefulSet end in a number, and pods of a DaemonSet in a random suffix
    /// only.
    private static final Pattern OF_DEPLOYMENT =
            Pattern.compile("(.+)-[bcdf-hj-np-tv-z0-9]{6,10}-[bcdf-hj-np-tv-z0-9]{5}");

    private static final Pattern OF_STATEFUL_SET = Pattern.compile("(.+)-[0-9]{1,4}");
    private static final Pattern OF_DAEMON_SET = Pattern.compile("(.+)-[bcdf-hj-np-tv-z0-9]{5}");

    static PodOwner of(WorkloadLabels workload) {
        String pod = workload.pod();
        Matcher matcher = OF_DEPLOYMENT.matcher(pod);
        if (matcher.matches()) {
            return new PodOwner(Kind.DEPLOYMENT, matcher.group(1), workload.namespace());
        }
        matcher = OF_STATEFUL_SET.matcher(pod);
        if (matcher.matches()) {
            return new PodOwner(Kind.STATEFUL_SET, matcher.group(1), workload.namespace());
        }
        matcher = OF_DAEMON_SET.matcher(pod);
        if (matcher.matches()) {
            return new PodOwner(Kind.DAEMON_SET, matcher.group(1), workload.namespace());
        }
        return new PodOwner(Kind.DEPLOYMENT, pod, workload.namespace());
    }

    /// A valid Kubernetes name: one label of RFC 1123.
    static String dnsLabel(String wanted) {
        String label = wanted.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        label = label.replaceAll("^-+", "");
        label = label.substring(0, Math.min(MAX_LENGTH, label.length())).replaceAll("-+$", "");
        return label.isEmpty() ? "data" : label;
    }
}
