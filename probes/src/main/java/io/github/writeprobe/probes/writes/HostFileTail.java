package io.github.writeprobe.probes.writes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.OwnPrivilegeCheck;
import io.github.writeprobe.probes.kernel.SyscallAvailability;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// The end of a file of the host, such as the log of a container.
public final class HostFileTail {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private HostFileTail() {}

    /// @param path on the host. The file itself may not be a link: whoever may write to its
    ///   directory could lead it to any other file
    /// @return the last bytes, from the beginning of a line on; empty if the file cannot be read
    ///   from here. Untrusted text
    public static Optional<String> read(String path, int maxBytes) {
        int slash = path.lastIndexOf('/');
        if (slash < 1
                || !(SyscallAvailability.detect()
                        instanceof SyscallAvailability.Available(Abi abi, var kernel, var self))
                || OwnPrivilegeCheck.missingToReadFiles(kernel, self).isPresent()) {
            return Optional.empty();
        }
        String directory = path.substring(0, slash);
        String name = path.substring(slash + 1);
        return new SyscallTimeoutExecutor(abi)
                .call(
                        TIMEOUT,
                        calls ->
                                HostRoot.find(
                                        calls, root -> readBelow(root, directory, name, maxBytes)))
                .flatMap(Function.identity());
    }

    private static Optional<String> readBelow(
            HostRoot root, String directory, String name, int maxBytes) {
        LinuxSyscalls kernel = root.kernel();
        long parent = root.openDirectory(directory);
        long file =
                parent < 0
                        ? parent
                        : kernel.openIn(
                                (int) parent,
                                name,
                                LinuxSyscalls.O_RDONLY
                                        | LinuxSyscalls.O_CLOEXEC
                                        | LinuxSyscalls.O_NONBLOCK,
                                0,
                                LinuxSyscalls.RESOLVE_NO_SYMLINKS);
        try {
            return file >= 0
                            && kernel.files()
                                    .status((int) file)
                                    .filter(FileStatus::isRegularFile)
                                    .isPresent()
                    ? readEnd((int) file, maxBytes)
                    : Optional.empty();
        } finally {
            kernel.close(file);
            kernel.close(parent);
        }
    }

    private static Optional<String> readEnd(int descriptor, int maxBytes) {
        try (RandomAccessFile file = new RandomAccessFile("/proc/self/fd/" + descriptor, "r")) {
            long size = file.length();
            long skipped = Math.max(0, size - maxBytes);
            byte[] bytes = new byte[(int) (size - skipped)];
            file.seek(skipped);
            // It may become shorter meanwhile.
            int length = Math.max(0, file.read(bytes));
            String text = new String(bytes, 0, length, UTF_8);
            return Optional.of(skipped == 0 ? text : text.substring(text.indexOf('\n') + 1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
