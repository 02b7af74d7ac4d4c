package io.github.writeprobe.probes.container;

import io.github.writeprobe.probes.kernel.FileMetadataSyscalls;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The OCI bundle that an engine created for a container, above all its root filesystem.
///
/// The process that started the container's first process (containerd's shim, conmon) stays outside
/// the container. Its working directory is the OCI bundle of the container: a directory with a
/// `config.json` whose `root.path` is the root filesystem. No process of the container can change
/// either.
///
/// @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/bundle.md">OCI bundle</a>
public final class OciRootfsFinder {
    /// In `config.json`, the environment of the container comes before the root filesystem.
    private static final int MAX_CONFIG_BYTES = 4 << 20;

    private static final int MAX_COMMAND_BYTES = 1 << 16;

    /// Quotes within a JSON string are escaped, so these two patterns cannot match inside a string.
    private static final Pattern ROOT = Pattern.compile("\"root\"\\s*:\\s*\\{([^{}]*)}");

    private static final Pattern USER = Pattern.compile("\"type\"\\s*:\\s*\"user\"");

    private static final Pattern PATH =
            Pattern.compile("\"path\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final LinuxSyscalls kernel;
    private final FileMetadataSyscalls files;

    /// What was read from the bundle.
    ///
    /// @param root the root directory of the container's filesystem
    /// @param userNamespace whether the bundle requests a user namespace
    public record Made(FileStatus root, boolean userNamespace) {}

    public OciRootfsFinder(LinuxSyscalls kernel, FileMetadataSyscalls files) {
        this.kernel = kernel;
        this.files = files;
    }

    /// @param starter an open descriptor of the procfs directory of the process that started the
    ///   container's first process
    /// @param container the container's id
    /// @return empty if no bundle of the container can be found
    public Optional<Made> find(int starter, String container) {
        return find(starter, "cwd/../" + container, true)
                .or(() ->
                        bundleOption(starter)
                                .filter(b -> b.startsWith("/") && b.contains(container))
                                .flatMap(b -> find(starter, b, false)));
    }

    /// The bundle that conmon gets by an option.
    private Optional<String> bundleOption(int starter) {
        List<String> arguments =
                kernel.readText(starter, "cmdline", MAX_COMMAND_BYTES)
                        .map(t -> List.of(t.split("\0", -1)))
                        .orElse(List.of());
        for (int i = 0; i + 1 < arguments.size(); i++) {
            if (arguments.get(i).equals("-b") || arguments.get(i).equals("--bundle")) {
                return Optional.of(arguments.get(i + 1));
            }
        }
        return Optional.empty();
    }

    private Optional<Made> find(int starter, String bundle, boolean relative) {
        long root = kernel.open(starter, "root", LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC, 0);
        if (root < 0) {
            return Optional.empty();
        }
        long directory =
                relative
                        ? kernel.open(
                                starter, bundle, LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC, 0)
                        : openInRoot((int) root, bundle);
        try {
            return directory < 0
                    ? Optional.empty()
                    : kernel.readText((int) directory, "config.json", MAX_CONFIG_BYTES)
                            .flatMap(config ->
                                    rootPath(config)
                                            .flatMap(p -> status((int) root, (int) directory, p))
                                            .map(s -> new Made(s, USER.matcher(config).find())));
        } finally {
            kernel.close(directory);
            kernel.close(root);
        }
    }

    private long openInRoot(int root, String path) {
        return kernel.openIn(
                root,
                path,
                LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC,
                0,
                LinuxSyscalls.RESOLVE_IN_ROOT);
    }

    private Optional<FileStatus> status(int root, int bundle, String path) {
        long fd =
                path.startsWith("/")
                        ? openInRoot(root, path)
                        : kernel.open(
                                bundle, path, LinuxSyscalls.O_PATH | LinuxSyscalls.O_CLOEXEC, 0);
        try {
            return fd < 0 ? Optional.empty() : files.status((int) fd);
        } finally {
            kernel.close(fd);
        }
    }

    /// The `root.path` of a `config.json`, which may be truncated after it.
    static Optional<String> rootPath(String config) {
        Matcher root = ROOT.matcher(config);
        if (!root.find()) {
            return Optional.empty();
        }
        Matcher path = PATH.matcher(root.group(1));
        return path.find() ? Optional.of(unescape(path.group(1))) : Optional.empty();
    }

    private static String unescape(String json) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c != '\\') {
                out.append(c);
            } else if (json.charAt(i + 1) == 'u' && i + 5 < json.length()) {
                out.append((char) Integer.parseInt(json.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                out.append(json.charAt(++i));
            }
        }
        return out.toString();
    }
}
