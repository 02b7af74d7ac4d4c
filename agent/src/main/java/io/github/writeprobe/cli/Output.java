package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.model.Report;
import io.github.writeprobe.report.Plain;
import io.github.writeprobe.report.ReportFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where a report goes: standard output, or a file that is there whole or not at all.
final class Output {
    private Output() {}

    static void write(Report report, ReportFormat format, Charset stdout, @Nullable Path file)
            throws UserError {
        if (file == null) {
            try {
                Writer out = new BufferedWriter(new OutputStreamWriter(System.out, stdout));
                format.write(report, out);
                out.flush();
            } catch (IOException e) {
                throw new UserError(
                        ExitCode.UNVERIFIED, "cannot write to standard output: " + e.getMessage());
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
            Path temporary = Files.createTempFile(directory, ".writeprobe-report-", null);
            try {
                try (Writer out = Files.newBufferedWriter(temporary, UTF_8)) {
                    format.write(report, out);
                }
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw cannot(
                    file,
                    e instanceof AccessDeniedException
                            ? "permission denied"
                            : Objects.requireNonNullElse(e.getMessage(), "it failed"));
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
