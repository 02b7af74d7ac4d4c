package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.recommend.Provision.Kept;
import io.github.writeprobe.recommend.Provision.Setting;
import io.github.writeprobe.recommend.Provision.Tmpfs;
import io.github.writeprobe.recommend.Provision.Volume;
import java.util.List;
import java.util.Optional;

/// The template of a workload's pods, with the claims that it needs.
final class PodTemplate {
    private static final String CONTAINERS = "        ";

    private final PodOwner workload;
    private final List<ServiceStanza> containers;
    private final UniqueNames claims;
    private final UniqueNames names = new UniqueNames();
    private final YamlEntries volumes = new YamlEntries("volumes", "      ");
    private final StringBuilder documents = new StringBuilder();

    PodTemplate(PodOwner workload, List<ServiceStanza> containers, UniqueNames claims) {
        this.workload = workload;
        this.containers = List.copyOf(containers);
        this.claims = claims;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append("apiVersion: apps/v1\n");
        text.append("kind: ").append(workload.kind().label()).append('\n');
        text.append(metadata(PodOwner.label(workload.name())));
        text.append("spec:\n  template:\n    spec:\n");
        group().ifPresent(text::append);
        text.append("      containers:\n");
        containers.forEach(container -> text.append(container(container)));
        return text.append(volumes.text()).append(documents).toString();
    }

    private String metadata(String name) {
        String namespace = workload.namespace();
        return "metadata:\n  name: "
                + YamlText.of(name)
                + "\n"
                + (namespace.isEmpty() ? "" : "  namespace: " + YamlText.of(namespace) + "\n");
    }

    /// Claims belong to root, unless the pod has a group for them.
    private Optional<String> group() {
        return containers.stream()
                .flatMap(c -> c.all(Volume.class).stream())
                .filter(v -> v.uid() != 0)
                .findFirst()
                .map(v ->
                        CommentText.of(
                                        "      ",
                                        "",
                                        "so that uid " + v.uid() + " can write to its claims")
                                + "      securityContext:\n        fsGroup: "
                                + v.gid()
                                + "\n");
    }

    private String container(ServiceStanza stanza) {
        YamlEntries environment = new YamlEntries("env", CONTAINERS + "  ");
        YamlEntries mounts = new YamlEntries("volumeMounts", CONTAINERS + "  ");
        String wanted = stanza.container().origin().kubernetesContainer();
        String name = PodOwner.label(wanted.isEmpty() ? stanza.name() : wanted);
        stanza.all(Setting.class).forEach(setting -> setting(setting, environment));
        stanza.all(Kept.class).forEach(kept -> kept(kept, name, mounts));
        stanza.all(Tmpfs.class).forEach(tmpfs -> tmpfs(tmpfs, mounts));
        stanza.all(Volume.class).forEach(volume -> volume(volume, name, mounts));
        String image = stanza.container().image();
        boolean itsOwn = wanted.isEmpty() && ShellText.visible(image);
        return CONTAINERS
                + "- name: "
                + YamlText.of(name)
                + "\n"
                + (itsOwn ? CONTAINERS + "  image: " + YamlText.of(image) + "\n" : "")
                + CONTAINERS
                + "  securityContext:\n"
                + CONTAINERS
                + "    readOnlyRootFilesystem: true\n"
                + environment.text()
                + mounts.text();
    }

    /// Kubernetes takes `$(` for the beginning of a variable, and two dollar signs for one.
    private static void setting(Setting setting, YamlEntries environment) {
        environment.comment(CommentText.of(environment.within(), setting.evidence()));
        if (!setting.cost().isEmpty()) {
            environment.comment(CommentText.of(environment.within(), "cost: ", setting.cost()));
        }
        if (!ShellText.visible(setting.value())) {
            environment.comment(
                    InexpressiblePath.setting(environment.within(), setting.variable()));
            return;
        }
        environment.line("- name: " + YamlText.of(setting.variable()));
        environment.line("  value: " + YamlText.quoted(setting.value().replace("$", "$$")));
    }

    private void tmpfs(Tmpfs tmpfs, YamlEntries mounts) {
        mounts.comment(CommentText.of(mounts.within(), tmpfs.evidence()));
        if (canSay(tmpfs.path(), "a tmpfs", mounts)) {
            memory(tmpfs.path(), Optional.of(tmpfs.bytes()), mounts);
        }
    }

    private void memory(String path, Optional<Long> bytes, YamlEntries mounts) {
        String name = names.of(PodOwner.label(path));
        mount(name, path, true, mounts);
        volumes.line("- name: " + YamlText.of(name));
        volumes.line("  emptyDir:");
        volumes.line("    medium: Memory");
        bytes.ifPresent(b -> volumes.line("    sizeLimit: " + quantity(b)));
    }

    private void volume(Volume volume, String container, YamlEntries mounts) {
        mounts.comment(CommentText.of(mounts.within(), volume.evidence()));
        if (!volume.certain()) {
            mounts.comment(CommentText.of(mounts.within(), "", "not sure of this one"));
        }
        if (canSay(volume.path(), "a volume", mounts)) {
            claim(volume.path(), container + "-" + volume.name(), true, mounts);
        }
    }

    private void claim(String path, String wanted, boolean writable, YamlEntries mounts) {
        String name = names.of(PodOwner.label(path));
        String claim = claims.of(PodOwner.label(wanted));
        mount(name, path, writable, mounts);
        volumes.line("- name: " + YamlText.of(name));
        volumes.line("  persistentVolumeClaim:");
        volumes.line("    claimName: " + YamlText.of(claim));
        documents
                .append("---\n")
                .append(
                        CommentText.of(
                                "",
                                "",
                                "The size is a guess. A claim begins empty, even where the image"
                                        + " has files in "
                                        + path))
                .append("apiVersion: v1\nkind: PersistentVolumeClaim\n")
                .append(metadata(claim))
                .append("spec:\n  accessModes: [ReadWriteOnce]\n")
                .append("  resources:\n    requests:\n      storage: 1Gi\n");
    }

    private static void mount(String name, String path, boolean writable, YamlEntries mounts) {
        mounts.line("- name: " + YamlText.of(name));
        mounts.line("  mountPath: " + YamlText.of(path));
        if (!writable) {
            mounts.line("  readOnly: true");
        }
    }

    /// A pod has it already; what runs elsewhere begins with nothing.
    private void kept(Kept kept, String container, YamlEntries mounts) {
        DeclaredMount mount = kept.mount();
        mounts.comment(
                CommentText.of(mounts.within(), "kept: ", MountNames.said(mount))
                        + CommentText.of(mounts.within(), "  ", kept.evidence()));
        boolean pod = !containers.getFirst().container().origin().pod().isEmpty();
        if (pod || !canSay(mount.destination(), "the mount", mounts)) {
            return;
        }
        switch (mount.kind()) {
            case VOLUME ->
                    claim(
                            mount.destination(),
                            container + "-" + mount.destination(),
                            mount.writable(),
                            mounts);
            case TMPFS -> memory(mount.destination(), Optional.empty(), mounts);
            case BIND ->
                    mounts.comment(
                            InexpressiblePath.comment(
                                    mounts.within(),
                                    "the bind",
                                    mount.destination(),
                                    "a ConfigMap or a Secret is better than a file of a node"));
            case ROOTFS, ENGINE, UNDECLARED -> {}
        }
    }

    private static boolean canSay(String path, String what, YamlEntries entries) {
        if (!ShellText.visible(path) || InexpressiblePath.garbled(path)) {
            entries.comment(
                    InexpressiblePath.comment(
                            entries.within(), what, path, InexpressiblePath.INVISIBLE));
            return false;
        }
        if (path.indexOf(':') >= 0) {
            entries.comment(
                    InexpressiblePath.comment(
                            entries.within(), what, path, "Kubernetes allows no colon in a path"));
            return false;
        }
        return true;
    }

    private static String quantity(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "Mi" : Long.toString(bytes);
    }
}
