package io.github.writeprobe.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A random container: its options, the changes without the engine's knowledge, and its policy. The
/// same seed gives the same container.
///
/// @param tree the number of its generated image
/// @param base the image that the generated one is based on
/// @param process what its first process does, as arguments of `namespaces`; empty if it sleeps
/// @param powerful whether its options give it a power that can undo a read-only root filesystem
/// @param sandboxed whether its runtime hides its files from the host's kernel
/// @param changes arguments of `behind`, after the PID
record RandomContainer(
        long seed,
        int tree,
        Lab.Image base,
        List<String> options,
        List<String> process,
        boolean powerful,
        boolean sandboxed,
        List<List<String>> changes,
        Optional<PolicyRule> policyRule,
        boolean paused) {

    /// The rule of the policy for it.
    ///
    /// @param writable empty if the rule has no such key
    record PolicyRule(boolean readOnly, Optional<List<String>> writable, List<String> noexec) {
        String yaml(String container) {
            return "    - match: {container: %s}\n      rootfs: %s\n      noexec: %s\n%s"
                    .formatted(
                            container,
                            readOnly ? "read-only" : "writable",
                            noexec,
                            writable.map(w -> "      writable: " + w + "\n").orElse(""));
        }
    }

    static final int TREES = 4;

    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final long MORE = 0x5DEECE66DL;

    private static final List<Lab.Image> BASES =
            List.of(Lab.Image.BUSYBOX, Lab.Image.DASH, Lab.Image.NO_SHELL, Lab.Image.NO_RM);

    private static final List<String> DIRECTORIES =
            List.of("/data", "/data/a", "/srv/a", "/srv/a/sub", "/srv/b", "/opt/app", "/home/app");

    /// Some contain links, which not every user may follow.
    private static final List<String> TARGETS =
            List.of(
                    "/data",
                    "/data/a",
                    "/srv/a",
                    "/srv/a/sub",
                    "/srv/b",
                    "/opt/app",
                    "/opt/app/a",
                    "/opt/app/a/b",
                    "/tmp",
                    "/run",
                    "/home",
                    "/new",
                    "/new/deep/er",
                    "/usr",
                    "/link/linked",
                    "/way",
                    "/way/in",
                    "/var/run/x",
                    "/dev/shm");

    private static final List<String> FILES =
            List.of("/etc/app.conf", "/data/file", "/srv/conf", "/opt/app/conf");

    private static final List<String> CHANGED_PATHS =
            List.of(
                    "/",
                    "/",
                    "/etc",
                    "/usr",
                    "/home",
                    "/tmp",
                    "/dev",
                    "/dev/shm",
                    "/srv/b",
                    "/data",
                    "/data/a",
                    "/etc/hosts",
                    "/etc/resolv.conf");

    private static final List<List<String>> USERS =
            List.of(
                    List.of(),
                    List.of(),
                    List.of("--user", "1000"),
                    List.of("--user", "1000:1000"),
                    List.of("--user", "1000", "--group-add", "2000"),
                    List.of("--user", "65534:65534"),
                    List.of("--user", "0:2000"));

    private static final List<List<String>> CAPABILITIES =
            List.of(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of("--cap-drop", "ALL"),
                    List.of("--cap-drop", "ALL", "--cap-add", "DAC_OVERRIDE"),
                    List.of("--cap-drop", "ALL", "--cap-add", "DAC_READ_SEARCH"),
                    List.of("--cap-drop", "DAC_OVERRIDE"),
                    List.of("--cap-add", "SYS_ADMIN"),
                    List.of("--security-opt", "no-new-privileges"));

    /// Each can undo a read-only root filesystem, or gives control of the host.
    private static final List<List<String>> HOST_POWERS =
            List.of(
                    List.of("--security-opt", "systempaths=unconfined"),
                    List.of("--cap-add", "SYS_MODULE"),
                    List.of("--cap-add", "SYS_RAWIO"),
                    List.of("--cap-add", "BPF", "--cap-add", "PERFMON"),
                    List.of("--pid", "host"),
                    List.of("--pid", "host", "--cap-add", "SYS_PTRACE"),
                    List.of("--device", "/dev/loop7"),
                    List.of("--device", "/dev/loop7:/dev/sr0"),
                    List.of("--device-cgroup-rule", "b 7:* rwm"),
                    List.of("--device-cgroup-rule", "a *:* rw"),
                    List.of("--volume", "/proc:/host/proc:ro"));

    private static final List<String> CHROOTS =
            List.of("/sys/firmware", "/dev/shm", "/tmp", "/usr", "/srv");

    private static final List<String> MODES =
            List.of("755", "755", "777", "1777", "700", "750", "2770", "555", "000");

    /// @param lab provides the host directories that it mounts
    /// @param sandbox a runtime that hides files from the host's kernel, if the engine has one
    static RandomContainer of(long seed, Lab lab, Optional<String> sandbox) {
        // Consecutive seeds would begin with similar random numbers.
        Random random = new Random(seed * SPREAD);
        int tree = random.nextInt(TREES);
        List<String> options = new ArrayList<>();
        if (random.nextInt(3) > 0) {
            options.add("--read-only");
        }
        List<String> user = pick(random, USERS);
        List<String> capabilities = pick(random, CAPABILITIES);
        options.addAll(user);
        options.addAll(capabilities);
        // From a separate generator, so that older seeds still give the same containers.
        List<String> process = process(new Random(~seed * SPREAD), user, capabilities);
        if (process.contains("user")) {
            options.addAll(List.of("--security-opt", "seccomp=unconfined"));
        }
        Random more = new Random((seed ^ MORE) * SPREAD);
        boolean powerful = more.nextInt(5) == 0;
        boolean sandboxed =
                !powerful && process.isEmpty() && sandbox.isPresent() && more.nextInt(6) == 0;
        if (powerful) {
            options.addAll(pick(more, HOST_POWERS));
        }
        if (sandboxed) {
            options.addAll(List.of("--runtime", sandbox.get()));
        }
        List<String> targets = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            boolean file = random.nextInt(5) == 0;
            String target = pick(random, file ? FILES : TARGETS);
            if (!targets.contains(target)) {
                targets.add(target);
                options.addAll(mount(random, lab, seed, target, file));
            }
        }
        List<List<String>> changes = new ArrayList<>();
        for (int i = Math.max(0, random.nextInt(6) - 2); i > 0; i--) {
            changes.add(change(random, targets));
        }
        return new RandomContainer(
                seed,
                tree,
                BASES.get(tree),
                options,
                process,
                powerful,
                sandboxed,
                changes,
                random.nextInt(5) < 2 ? Optional.of(policyRule(random, targets)) : Optional.empty(),
                random.nextInt(20) == 0);
    }

    /// Most only sleep. A chroot and a separate mount namespace need root with the capability.
    private static List<String> process(
            Random random, List<String> user, List<String> capabilities) {
        boolean root = user.isEmpty() || user.contains("0:2000");
        return switch (random.nextInt(8)) {
            case 0, 1 ->
                    root && !capabilities.contains("ALL")
                            ? List.of("chroot", pick(random, CHROOTS))
                            : List.of();
            case 2 -> List.of("user");
            case 3 ->
                    root && capabilities.contains("SYS_ADMIN")
                            ? List.of(pick(random, List.of("process", "thread")), "/")
                            : List.of();
            default -> List.of();
        };
    }

    /// Whether its first process creates its own user namespace and root filesystem.
    boolean hasOwnRoot() {
        return process.contains("user");
    }

    /// Whether another process of it has the root filesystem writable in its own mount namespace.
    boolean hasOwnView() {
        return process.contains("process") || process.contains("thread");
    }

    private static List<String> mount(
            Random random, Lab lab, long seed, String target, boolean file) {
        String readOnly = random.nextBoolean() ? ",readonly" : "";
        if (file || random.nextInt(3) == 0) {
            Path host = lab.directory("host-" + seed + "-" + random.nextInt(3));
            fill(random, host);
            String source = file ? host.resolve("conf").toString() : host.toString();
            return List.of(
                    "--mount", "type=bind,source=" + source + ",target=" + target + readOnly);
        }
        if (random.nextBoolean()) {
            String source = readOnly.isEmpty() ? "" : ",source=" + lab.volume();
            return List.of("--mount", "type=volume,target=" + target + source + readOnly);
        }
        String some =
                Stream.of(
                                "ro",
                                "exec",
                                "noexec",
                                "uid=1000",
                                "gid=2000",
                                "mode=" + pick(random, MODES),
                                "size=" + pick(random, List.of("4k", "64k", "1m")),
                                "nr_inodes=" + pick(random, List.of("1", "2", "100")))
                        .filter(o -> random.nextInt(4) == 0)
                        .collect(Collectors.joining(","));
        return List.of("--tmpfs", some.isEmpty() ? target : target + ":" + some);
    }

    /// Directories in which others can be mounted, and a file, with random owners.
    private static void fill(Random random, Path host) {
        String script =
                "cd $0 && mkdir -p a/b sub x deep/er && echo x >conf && echo x >file && chmod %s conf"
                                .formatted(pick(random, List.of("644", "666", "600", "444")))
                        + " && chown "
                        + owner(random)
                        + " conf && chown "
                        + owner(random)
                        + " . a && chmod "
                        + pick(random, MODES)
                        + " . && chmod "
                        + pick(random, MODES)
                        + " a";
        Lab.Run run = Lab.run(java.util.Map.of(), List.of("sh", "-c", script, host.toString()));
        if (run.code() != 0) {
            throw new AssertionError(run.output());
        }
    }

    private static List<String> change(Random random, List<String> targets) {
        String place =
                targets.isEmpty() || random.nextBoolean()
                        ? pick(random, CHANGED_PATHS)
                        : pick(random, targets);
        if (place.equals("/")) {
            return List.of(pick(random, List.of("ro", "rw", "rw")), "/");
        }
        String what =
                pick(
                        random,
                        List.of(
                                "ro",
                                "rw",
                                "rw",
                                "super-ro",
                                "tmpfs",
                                "tmpfs-ro",
                                "umount",
                                "tmpfs-noexec",
                                "bind"));
        return what.equals("bind") ? List.of(what, "/srv", place) : List.of(what, place);
    }

    private static PolicyRule policyRule(Random random, List<String> targets) {
        List<String> named =
                Stream.concat(targets.stream(), Stream.of("/tmp", "/opt", "/srv"))
                        .filter(t -> random.nextInt(3) == 0)
                        .toList();
        List<String> noexec =
                Stream.concat(targets.stream(), Stream.of("/tmp", "/data", "/dev/shm"))
                        .distinct()
                        .filter(t -> random.nextInt(5) == 0)
                        .toList();
        return new PolicyRule(
                random.nextInt(3) > 0,
                random.nextBoolean() ? Optional.of(named) : Optional.empty(),
                noexec);
    }

    /// Fills `$tree` with directories of several owners, and links to some.
    static String fill(int tree) {
        Random random = new Random(tree);
        StringBuilder script = new StringBuilder("mkdir -p $tree/etc $tree/srv $tree/var; ");
        script.append("mkdir -p");
        Stream.concat(
                        DIRECTORIES.stream(),
                        Stream.of("/tmp", "/run", "/usr", "/home", "/opt/app/a"))
                .forEach(d -> script.append(" $tree").append(d));
        script.append("; ln -s /data $tree/link; ln -s srv/b/in $tree/way; mkdir $tree/srv/b/in; ");
        script.append("[ -e $tree/var/run ] || ln -s ../run $tree/var/run; ");
        for (String directory : DIRECTORIES) {
            script.append(
                    "chown %s $tree%s; chmod %s $tree%s; "
                            .formatted(owner(random), directory, pick(random, MODES), directory));
        }
        script.append("chmod %s $tree; ".formatted(pick(random, List.of("755", "755", "777"))));
        return script.toString();
    }

    static Lab.Image base(int tree) {
        return BASES.get(tree);
    }

    private static String owner(Random random) {
        return pick(random, List.of("0", "1000", "65534"))
                + ":"
                + pick(random, List.of("0", "1000", "2000"));
    }

    private static <T> T pick(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
