package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.text.UntrustedText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes a result to standard output, or to a file, which is replaced as a whole or not at all.
final class OutputTarget {
    private OutputTarget() {}

    /// A text to write.
    interface Text {
        void write(Writer out) throws IOException;
    }

    /// Checks early whether a file can be written later.
    static void checkWritable(String what, @Nullable Path file) throws UserError {
        if (file == null) {
            return;
        }
        Path target = file.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null || Files.isDirectory(target)) {
            throw writeError(what, file, "it is a directory");
        }
        if (!Files.isDirectory(directory)) {
            throw writeError(what, file, "there is no directory " + directory);
        }
        boolean replaceable = !Files.exists(target) || Files.isRegularFile(target);
        if (!Files.isWritable(replaceable ? directory : target)) {
            throw writeError(what, file, "permission denied");
        }
    }

    /// @param what what the text is, for the error message
    static void write(
            String what, Text text, CommandContext context, Charset stdout, @Nullable Path file)
            throws UserError {
        if (file == null) {
            try (Writer out = standardOutput(context, stdout)) {
                text.write(out);
            } catch (IOException e) {
                throw stdoutError(e);
            }
            return;
        }
        checkWritable(what, file);
        Path target = file.toAbsolutePath();
        try {
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                try (Writer out = Files.newBufferedWriter(target, UTF_8)) {
                    text.write(out);
                }
                return;
            }
            replace(target, text);
        } catch (IOException e) {
            throw writeError(
                    what,
                    file,
                    e instanceof AccessDeniedException
                            ? "permission denied"
                            : Objects.requireNonNullElse(e.getMessage(), "unknown error"));
        }
    }

    static Writer standardOutput(CommandContext context, Charset charset) {
        return new BufferedWriter(new OutputStreamWriter(context.result(), charset));
    }

    static UserError stdoutError(IOException e) {
        return new UserError(
                ExitCode.UNVERIFIED,
                "cannot write to standard output: "
                        + UntrustedText.escape(String.valueOf(e.getMessage())));
    }

    /// Replaces the file. It keeps its permissions; a new file gets the default ones.
    private static void replace(Path target, Text text) throws IOException {
        Path temporary = target.resolveSibling(".writeprobe-" + UUID.randomUUID());
        try {
            try (Writer out =
                    Files.newBufferedWriter(temporary, UTF_8, StandardOpenOption.CREATE_NEW)) {
                text.write(out);
            }
            if (Files.exists(target)) {
                Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(target));
            }
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static UserError writeError(String what, Path file, String reason) {
        return new UserError(
                ExitCode.USAGE,
                "cannot write the "
                        + what
                        + " to "
                        + UntrustedText.escape(file.toString())
                        + ": "
                        + UntrustedText.escape(reason)
                        + "; name a file in a directory that you can write to");
    }
}
