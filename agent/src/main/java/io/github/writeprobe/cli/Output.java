package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.model.Report;
import io.github.writeprobe.report.Plain;
import io.github.writeprobe.report.ReportFormat;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
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

/// Where a report goes: standard output, or a file that is there whole or not at all.
final class Output {
    private Output() {}

    static void write(Report report, ReportFormat format, Charset stdout, @Nullable Path file)
            throws UserError {
        if (file == null) {
            try (Writer out = standard(stdout)) {
                format.write(report, out);
            } catch (IOException e) {
                throw lost(e);
            }
            return;
        }
        Path target = file.toAbsolutePath();
        Path directory = target.getParent();
        try {
            if (directory == null || Files.isDirectory(target)) {
                throw cannot(file, "it is a directory");
            }
            if (!Files.isDirectory(directory)) {
                throw cannot(file, "there is no directory " + directory);
            }
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                try (Writer out = Files.newBufferedWriter(target, UTF_8)) {
                    format.write(report, out);
                }
                return;
            }
            replace(target, directory, report, format);
        } catch (IOException e) {
            throw cannot(
                    file,
                    e instanceof AccessDeniedException
                            ? "permission denied"
                            : Objects.requireNonNullElse(e.getMessage(), "it failed"));
        }
    }

    /// Standard output without the PrintStream, which keeps errors to itself: a report that did not
    /// arrive must not pass.
    static Writer standard(Charset charset) {
        return new BufferedWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), charset));
    }

    static UserError lost(IOException e) {
        return new UserError(
                ExitCode.UNVERIFIED,
                "cannot write to standard output: " + Plain.text(String.valueOf(e.getMessage())));
    }

    /// With the permissions that the file had, or that a new one gets.
    private static void replace(Path target, Path directory, Report report, ReportFormat format)
            throws IOException {
        Path temporary = directory.resolve(".writeprobe-report-" + UUID.randomUUID());
        try {
            try (Writer out =
                    Files.newBufferedWriter(temporary, UTF_8, StandardOpenOption.CREATE_NEW)) {
                format.write(report, out);
            }
            if (Files.exists(target)) {
                Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(target));
            }
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static UserError cannot(Path file, String why) {
        return new UserError(
                ExitCode.USAGE,
                "cannot write the report to "
                        + Plain.text(file.toString())
                        + ": "
                        + Plain.text(why)
                        + "; name a file in a directory that you may write");
    }
}
