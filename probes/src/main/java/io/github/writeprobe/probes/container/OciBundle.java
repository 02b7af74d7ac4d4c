package io.github.writeprobe.probes.container;

import io.github.writeprobe.probes.kernel.FileCalls;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.Kernel;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an engine made for a container before it started: its root filesystem, above all.
///
/// The process that started the container's first one (containerd's shim, conmon) stays outside,
/// and works in the OCI bundle of the container: a directory with a `config.json` whose `root.path`
/// is that root filesystem. No process of the container can change either.
///
/// @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/bundle.md">OCI bundle</a>
public final class OciBundle {
    /// The environment of the container stands in it before the root filesystem.
    private static final int MAX_CONFIG_BYTES = 4 << 20;

    private static final int MAX_COMMAND_BYTES = 1 << 16;

    /// Quotes within a JSON text are escaped, so neither this nor the next is part of one.
    private static final Pattern ROOT = Pattern.compile("\"root\"\\s*:\\s*\\{([^{}]*)}");

    private static final Pattern USER = Pattern.compile("\"type\"\\s*:\\s*\"user\"");

    private static final Pattern PATH =
            Pattern.compile("\"path\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Kernel kernel;
    private final FileCalls files;

    /// What an engine made.
    ///
    /// @param root the root directory of the container's filesystem
    /// @param userNamespace whether it asked for a user namespace
    public record Made(FileStatus root, boolean userNamespace) {}

    public OciBundle(Kernel kernel, FileCalls files) {
        this.kernel = kernel;
        this.files = files;
    }

    /// @param starter the directory in procfs of the process that started the container's first
    ///   one, open
    /// @param container its id
    /// @return empty where no bundle of the container can be found
    public Optional<Made> find(int starter, String container) {
        return find(starter, "cwd/../" + container, true)
                .or(() ->
                        bundleOption(starter)
                                .filter(b -> b.startsWith("/") && b.contains(container))
                                .flatMap(b -> find(starter, b, false)));
    }

    /// The bundle that conmon is told by an option.
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
        long root = kernel.open(starter, "root", Kernel.O_PATH | Kernel.O_CLOEXEC, 0);
        if (root < 0) {
            return Optional.empty();
        }
        long directory =
                relative
                        ? kernel.open(starter, bundle, Kernel.O_PATH | Kernel.O_CLOEXEC, 0)
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
                root, path, Kernel.O_PATH | Kernel.O_CLOEXEC, 0, Kernel.RESOLVE_IN_ROOT);
    }

    private Optional<FileStatus> status(int root, int bundle, String path) {
        long fd =
                path.startsWith("/")
                        ? openInRoot(root, path)
                        : kernel.open(bundle, path, Kernel.O_PATH | Kernel.O_CLOEXEC, 0);
        try {
            return fd < 0 ? Optional.empty() : files.status((int) fd);
        } finally {
            kernel.close(fd);
        }
    }

    /// `root.path` of a `config.json`, which may be cut after it.
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
