package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.recommend.propose.ProposalItem.Kept;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import java.util.List;
import java.util.Optional;

/// The pod template of a workload, with the claims that it needs.
final class PodTemplateWriter {
    private static final String CONTAINERS = "        ";

    private final PodOwner workload;
    private final List<ServiceProposalItems> containers;
    private final UniqueNames claims;
    private final UniqueNames names = new UniqueNames();
    private final YamlSectionWriter volumes = new YamlSectionWriter("volumes", "      ");
    private final StringBuilder documents = new StringBuilder();
    private final StringBuilder initContainers = new StringBuilder();

    PodTemplateWriter(
            PodOwner workload, List<ServiceProposalItems> containers, UniqueNames claims) {
        this.workload = workload;
        this.containers = List.copyOf(containers);
        this.claims = claims;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append("apiVersion: apps/v1\n");
        text.append("kind: ").append(workload.kind().label()).append('\n');
        text.append(metadata(PodOwner.dnsLabel(workload.name())));
        text.append("spec:\n  template:\n    spec:\n");
        securityContext().ifPresent(text::append);
        StringBuilder rendered = new StringBuilder();
        containers.forEach(container -> rendered.append(renderContainer(container)));
        if (!initContainers.isEmpty()) {
            text.append("      initContainers:\n").append(initContainers);
        }
        text.append("      containers:\n").append(rendered);
        return text.append(volumes.text()).append(documents).toString();
    }

    private String metadata(String name) {
        String namespace = workload.namespace();
        return "metadata:\n  name: "
                + YamlText.of(name)
                + "\n"
                + (namespace.isEmpty() ? "" : "  namespace: " + YamlText.of(namespace) + "\n");
    }

    /// A claim belongs to root, unless the pod has an fsGroup.
    private Optional<String> securityContext() {
        return containers.stream()
                .flatMap(c -> c.provisionsOf(Volume.class).stream())
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

    private String renderContainer(ServiceProposalItems stanza) {
        YamlSectionWriter environment = new YamlSectionWriter("env", CONTAINERS + "  ");
        YamlSectionWriter mounts = new YamlSectionWriter("volumeMounts", CONTAINERS + "  ");
        String wanted = stanza.container().workload().kubernetesContainer();
        String name = PodOwner.dnsLabel(wanted.isEmpty() ? stanza.name() : wanted);
        stanza.provisionsOf(Setting.class).forEach(setting -> addSetting(setting, environment));
        stanza.provisionsOf(Kept.class).forEach(kept -> addKept(kept, name, mounts));
        stanza.provisionsOf(Tmpfs.class).forEach(tmpfs -> addTmpfs(tmpfs, mounts));
        VolumeInitContainer preparation = new VolumeInitContainer(stanza);
        stanza.provisionsOf(Volume.class)
                .forEach(volume -> addVolume(volume, name, mounts, preparation));
        initContainers.append(preparation.text(name));
        String image = stanza.container().image();
        boolean hasOwnImage = wanted.isEmpty() && ShellText.isPrintable(image);
        return CONTAINERS
                + "- name: "
                + YamlText.of(name)
                + "\n"
                + (hasOwnImage ? CONTAINERS + "  image: " + YamlText.of(image) + "\n" : "")
                + CONTAINERS
                + "  securityContext:\n"
                + CONTAINERS
                + "    readOnlyRootFilesystem: true\n"
                + environment.text()
                + mounts.text();
    }

    /// Kubernetes reads `$(` as the beginning of a variable, and `$$` as one dollar sign.
    private static void addSetting(Setting setting, YamlSectionWriter environment) {
        environment.addComment(CommentText.of(environment.entryIndent(), setting.evidence()));
        if (!setting.cost().isEmpty()) {
            environment.addComment(
                    CommentText.of(environment.entryIndent(), "cost: ", setting.cost()));
        }
        if (!ShellText.isPrintable(setting.value())) {
            environment.addComment(
                    OmissionComment.setting(environment.entryIndent(), setting.variable()));
            return;
        }
        environment.addLine("- name: " + YamlText.of(setting.variable()));
        environment.addLine("  value: " + YamlText.quote(setting.value().replace("$", "$$")));
    }

    private void addTmpfs(Tmpfs tmpfs, YamlSectionWriter mounts) {
        mounts.addComment(CommentText.of(mounts.entryIndent(), tmpfs.evidence()));
        if (checkExpressible(tmpfs.path(), "a tmpfs", mounts)) {
            addEmptyDir(tmpfs.path(), Optional.of(tmpfs.bytes()), mounts);
        }
    }

    private void addEmptyDir(String path, Optional<Long> bytes, YamlSectionWriter mounts) {
        String name = names.assign(PodOwner.dnsLabel(path));
        addVolumeMount(name, path, true, mounts);
        volumes.addLine("- name: " + YamlText.of(name));
        volumes.addLine("  emptyDir:");
        volumes.addLine("    medium: Memory");
        bytes.ifPresent(b -> volumes.addLine("    sizeLimit: " + quantity(b)));
    }

    private void addVolume(
            Volume volume,
            String container,
            YamlSectionWriter mounts,
            VolumeInitContainer preparation) {
        mounts.addComment(CommentText.of(mounts.entryIndent(), volume.evidence()));
        if (!volume.certain()) {
            mounts.addComment(
                    CommentText.of(
                            mounts.entryIndent(), "", "check whether this has to be a volume"));
        }
        if (checkExpressible(volume.path(), "a volume", mounts)) {
            String claim = addClaim(volume.path(), container + "-" + volume.name(), true, mounts);
            // The root of a new filesystem has a lost+found, which databases refuse.
            String subPath = lastName(volume.path());
            mounts.addLine("  subPath: " + YamlText.of(subPath));
            preparation.add(volume, claim, subPath);
        }
    }

    private static String lastName(String path) {
        return PodOwner.dnsLabel(path.substring(path.lastIndexOf('/') + 1));
    }

    /// @return the name of the pod's volume
    private String addClaim(
            String path, String wanted, boolean writable, YamlSectionWriter mounts) {
        String name = names.assign(PodOwner.dnsLabel(path));
        String claim = claims.assign(PodOwner.dnsLabel(wanted));
        addVolumeMount(name, path, writable, mounts);
        volumes.addLine("- name: " + YamlText.of(name));
        volumes.addLine("  persistentVolumeClaim:");
        volumes.addLine("    claimName: " + YamlText.of(claim));
        documents
                .append("---\n")
                .append(
                        CommentText.of(
                                "",
                                "",
                                "1Gi is a placeholder: set the size that the data in "
                                        + path
                                        + " need, and a storageClassName if the cluster has no"
                                        + " default"))
                .append("apiVersion: v1\nkind: PersistentVolumeClaim\n")
                .append(metadata(claim))
                .append("spec:\n  accessModes: [ReadWriteOnce]\n")
                .append("  resources:\n    requests:\n      storage: 1Gi\n");
        return name;
    }

    private static void addVolumeMount(
            String name, String path, boolean writable, YamlSectionWriter mounts) {
        mounts.addLine("- name: " + YamlText.of(name));
        mounts.addLine("  mountPath: " + YamlText.of(path));
        if (!writable) {
            mounts.addLine("  readOnly: true");
        }
    }

    /// An existing pod already has the mount. A new workload has to declare it.
    private void addKept(Kept kept, String container, YamlSectionWriter mounts) {
        DeclaredMount mount = kept.mount();
        mounts.addComment(
                CommentText.of(mounts.entryIndent(), "kept: ", DeclaredMountWording.describe(mount))
                        + CommentText.of(mounts.entryIndent(), "  ", kept.evidence()));
        boolean isInPod = !containers.getFirst().container().workload().pod().isEmpty();
        if (isInPod || !checkExpressible(mount.destination(), "the mount", mounts)) {
            return;
        }
        Optional<String> misunderstood = DeclaredMountWording.misunderstood(mount);
        if (misunderstood.isPresent()) {
            addInexpressible("the mount", mount.destination(), misunderstood.get(), mounts);
            return;
        }
        switch (mount.kind()) {
            case VOLUME -> {
                if (mount.details().image()) {
                    addInexpressible(
                            "the image",
                            mount.destination(),
                            "image volumes need Kubernetes 1.33 or later",
                            mounts);
                    return;
                }
                addClaim(
                        mount.destination(),
                        container + "-" + mount.destination(),
                        mount.writable(),
                        mounts);
                if (!mount.details().subpath().isEmpty()) {
                    mounts.addLine("  subPath: " + YamlText.of(mount.details().subpath()));
                }
            }
            case TMPFS -> {
                if (!mount.options().isEmpty()) {
                    mounts.addComment(
                            CommentText.of(
                                    mounts.entryIndent(),
                                    "",
                                    "an emptyDir has a size and no other options"));
                }
                addEmptyDir(mount.destination(), TmpfsOptions.bytes(mount.options()), mounts);
            }
            case BIND ->
                    mounts.addComment(
                            OmissionComment.comment(
                                    mounts.entryIndent(),
                                    "the bind",
                                    mount.destination(),
                                    "a ConfigMap or a Secret is better than a file of the node"));
            case ROOTFS, ENGINE, UNDECLARED -> {}
        }
    }

    private static void addInexpressible(
            String what, String path, String reason, YamlSectionWriter entries) {
        entries.addComment(OmissionComment.comment(entries.entryIndent(), what, path, reason));
    }

    private static boolean checkExpressible(String path, String what, YamlSectionWriter entries) {
        if (!ShellText.isPrintable(path) || OmissionComment.isGarbled(path)) {
            entries.addComment(
                    OmissionComment.comment(
                            entries.entryIndent(), what, path, OmissionComment.INVISIBLE));
            return false;
        }
        if (path.indexOf(':') >= 0) {
            entries.addComment(
                    OmissionComment.comment(
                            entries.entryIndent(),
                            what,
                            path,
                            "Kubernetes does not allow a colon in a path"));
            return false;
        }
        return true;
    }

    private static String quantity(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "Mi" : Long.toString(bytes);
    }
}
