package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WriteResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every witness has to fulfil. Each test starts its own container.
interface WriteProbeContract {
    Lab lab();

    /// The image of the containers.
    Lab.Image image();

    /// The witness's result for a container, as the service.
    ProbeResult probe(String container, List<String> paths) throws Exception;

    default PathObservation at(ProbeResult result, String path) {
        return result.observations().stream()
                .filter(o -> o.path().equals(path))
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("nothing observed at " + path + ": " + result));
    }

    default void assertRefused(ProbeResult result, String path, Errno errno) {
        assertThat(at(result, path).write())
                .as(path)
                .isInstanceOfSatisfying(
                        WriteResult.Refused.class, r -> assertThat(r.errno()).isEqualTo(errno));
    }

    default void assertWritable(ProbeResult result, String path) {
        assertThat(at(result, path).write()).as(path).isEqualTo(new WriteResult.Writable());
    }

    @Test
    default void aWritableRootFilesystemIsWritableAndRunsWhatIsWritten() throws Exception {
        ProbeResult t = probe(lab().start(image()), List.of("/", "/etc", "/tmp"));
        for (String path : List.of("/", "/etc", "/tmp")) {
            assertWritable(t, path);
            assertThat(at(t, path).execute()).isEqualTo(new FileExecutionResult.Ran());
            assertThat(at(t, path).uid()).hasValue(0);
        }
    }

    @Test
    default void aReadOnlyRootFilesystemRefusesRootWithErofs() throws Exception {
        ProbeResult t = probe(lab().start(image(), "--read-only"), List.of("/", "/etc", "/tmp"));
        for (String path : List.of("/", "/etc", "/tmp")) {
            assertRefused(t, path, Errno.EROFS);
        }
    }

    @Test
    default void readOnlyRootFilesystemRefusesNonRootWithErofs() throws Exception {
        ProbeResult t =
                probe(lab().start(image(), "--read-only", "--user", "1000"), List.of("/", "/tmp"));
        assertRefused(t, "/", Errno.EROFS);
        assertRefused(t, "/tmp", Errno.EROFS);
        assertThat(at(t, "/").uid()).hasValue(1000);
    }

    @Test
    default void aServiceWithoutPermissionIsRefusedWithEacces() throws Exception {
        ProbeResult t = probe(lab().start(image(), "--user", "1000"), List.of("/", "/tmp"));
        assertRefused(t, "/", Errno.EACCES);
        assertWritable(t, "/tmp");
    }

    @Test
    default void aTmpfsIsWritableAndNoexecUnlessItIsMountedExec() throws Exception {
        ProbeResult t =
                probe(
                        lab().start(
                                        image(),
                                        "--read-only",
                                        "--tmpfs",
                                        "/tmp",
                                        "--tmpfs",
                                        "/var/tmp:exec"),
                        List.of("/tmp", "/var/tmp"));
        assertWritable(t, "/tmp");
        assertThat(at(t, "/tmp").execute())
                .isEqualTo(new FileExecutionResult.Refused(Errno.EACCES));
        assertWritable(t, "/var/tmp");
        assertThat(at(t, "/var/tmp").execute()).isEqualTo(new FileExecutionResult.Ran());
    }

    @Test
    default void whatDoesNotExistIsAbsent() throws Exception {
        ProbeResult t = probe(lab().start(image()), List.of("/no/such/path"));
        assertThat(at(t, "/no/such/path").write()).isEqualTo(new WriteResult.Absent());
    }

    @Test
    default void aMountedFileIsOpenedAndLeftAsItWas() throws Exception {
        Path file =
                Files.writeString(
                        lab().directory("file-" + image()).resolve("app.conf"), "content\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Object before = Files.getLastModifiedTime(file);
        ProbeResult t =
                probe(lab().start(image(), "--read-only", "-v", file + ":/app.conf"), List.of());
        assertWritable(t, "/app.conf");
        assertThat(Files.readString(file)).isEqualTo("content\n");
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
    }

    @Test
    default void aMountedFileThatIsReadOnlyIsProvedSoForRootAndForOthers() throws Exception {
        Path file =
                Files.writeString(
                        lab().directory("ro-" + image()).resolve("app.conf"), "content\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        String bind = file + ":/app.conf:ro";
        assertRefused(probe(lab().start(image(), "-v", bind), List.of()), "/app.conf", Errno.EROFS);
        assertRefused(
                probe(lab().start(image(), "-v", bind, "--user", "1000"), List.of()),
                "/app.conf",
                Errno.EROFS);
    }

    @Test
    default void mountedFileOfAnotherUserIsRefusedWithEacces() throws Exception {
        Path file =
                Files.writeString(
                        lab().directory("rw-" + image()).resolve("app.conf"), "content\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        ProbeResult t =
                probe(lab().start(image(), "-v", file + ":/app.conf", "--user", "1000"), List.of());
        assertRefused(t, "/app.conf", Errno.EACCES);
    }

    @Test
    default void aReadOnlyProgramIsProvedSoWhileItRuns() throws Exception {
        Path program = lab().directory("program-" + image()).resolve("busybox");
        Files.copy(Path.of("/bin/busybox"), program);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String user : List.of("0", "1000")) {
            String container =
                    lab().start(
                                    lab().image(image()),
                                    List.of("/busybox", "sleep", "3600"),
                                    "--user",
                                    user,
                                    "-v",
                                    program + ":/busybox:ro");
            assertRefused(probe(container, List.of()), "/busybox", Errno.EROFS);
        }
    }

    @Test
    default void aReadOnlyDirectoryThatTheHostReplacedIsProvedSo() throws Exception {
        Path host = lab().directory("replaced-" + image() + "/conf");
        String container =
                lab().start(
                                image(),
                                "-v",
                                host + ":/conf:ro",
                                "-v",
                                host + ":/var/run/conf:ro",
                                "--tmpfs",
                                "/run");
        lab().exec(container, "mkdir /run/below; ln -s /var/run/conf /link");
        Files.delete(host);
        Files.createDirectory(host);
        ProbeResult t = probe(container, List.of("/", "/conf", "/link", "/var/run/conf"));
        assertWritable(t, "/");
        for (String path : List.of("/conf", "/link", "/var/run/conf")) {
            assertRefused(t, path, Errno.EROFS);
        }
        assertThat(at(t, "/link").resolved()).isEqualTo("/var/run/conf");
    }

    @Test
    default void aWritableDirectoryThatTheHostReplacedProvesNothing() throws Exception {
        Path host = lab().directory("gone-" + image() + "/data");
        String container = lab().start(image(), "--read-only", "-v", host + ":/data");
        Files.delete(host);
        ProbeResult t = probe(container, List.of("/", "/data"));
        assertRefused(t, "/", Errno.EROFS);
        assertThat(at(t, "/data").resolved()).isEqualTo("/data");
        assertThat(at(t, "/data").write())
                .isEqualTo(new WriteResult.Inconclusive(InconclusiveCause.DELETED, ""));
        assertThat(t.leftovers()).isEmpty();
    }

    /// Editors and deployments replace a file by renaming another one over it.
    @Test
    default void aFileThatTheHostReplacedIsProbedLikeAnyOther() throws Exception {
        Path directory = lab().directory("file-" + image());
        Path readOnly = Files.writeString(directory.resolve("read-only"), "before");
        Path writable = Files.writeString(directory.resolve("writable"), "before");
        String container =
                lab().start(
                                image(),
                                "--read-only",
                                "-v",
                                readOnly + ":/etc/read-only:ro",
                                "-v",
                                writable + ":/etc/writable");
        for (Path file : List.of(readOnly, writable)) {
            Path other = Files.writeString(directory.resolve("other"), "after");
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        }
        ProbeResult t = probe(container, List.of("/"));
        assertRefused(t, "/etc/read-only", Errno.EROFS);
        assertWritable(t, "/etc/writable");
        assertThat(writable).hasContent("after");
    }

    @Test
    default void aMountPointMayHaveAnyName() throws Exception {
        Path host = lab().directory("names-" + image());
        List<String> names =
                List.of(
                        "/with space",
                        "/with\"quote'",
                        "/with\nnewline\n",
                        "/back\\slash\\040",
                        "/$(touch x)`",
                        "/-rf",
                        "/ü\t*");
        String[] options =
                names.stream()
                        .flatMap(n -> List.of("-v", host + ":" + n).stream())
                        .toArray(String[]::new);
        ProbeResult t = probe(lab().start(image(), options), List.of());
        for (String name : names) {
            assertWritable(t, name);
        }
        try (var left = Files.list(host)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    default void undeclaredMountIsFound() throws Exception {
        String container = lab().start(image(), "--read-only");
        lab().mount(container, "-t", "tmpfs", "tmpfs", "/home");
        ProbeResult t = probe(container, List.of("/"));
        assertWritable(t, "/home");
        assertThat(t.mounts().mountAt("/home")).isPresent();
    }

    @Test
    default void aSymbolicLinkIsFollowedAndItsTargetIsReported() throws Exception {
        String container = lab().start(image());
        lab().exec(container, "mkdir /real && ln -s /real /link");
        ProbeResult t = probe(container, List.of("/link"));
        assertWritable(t, "/link");
        assertThat(at(t, "/link").resolved()).isEqualTo("/real");
    }

    @Test
    default void whatIsNotThereIsAbsentBeyondALinkToo() throws Exception {
        String container = lab().start(image());
        lab().exec(container, "mkdir /real && ln -s /real /link && ln -s /nowhere /dangling");
        ProbeResult t = probe(container, List.of("/nothing", "/link/nothing", "/dangling"));
        assertThat(at(t, "/nothing").write()).isEqualTo(new WriteResult.Absent());
        assertThat(at(t, "/link/nothing").write()).isEqualTo(new WriteResult.Absent());
        assertThat(at(t, "/dangling").write()).isInstanceOf(WriteResult.Inconclusive.class);
    }

    @Test
    default void aDeviceIsNotOpened() throws Exception {
        ProbeResult t = probe(lab().start(image()), List.of("/dev/null"));
        assertThat(at(t, "/dev/null").write())
                .isEqualTo(new WriteResult.Inconclusive(InconclusiveCause.SPECIAL_FILE, ""));
    }

    @Test
    default void aFullTmpfsIsRefusedForSpace() throws Exception {
        String container =
                lab().start(image(), "--read-only", "--tmpfs", "/full:size=4k,mode=1777");
        lab().docker(
                        "exec",
                        container,
                        "sh",
                        "-c",
                        "while echo 0123456789012345678901234567890; do :; done >/full/x || true");
        ProbeResult t = probe(container, List.of("/full"));
        assertThat(at(t, "/full").write())
                .isInstanceOfSatisfying(
                        WriteResult.Refused.class,
                        r -> assertThat(r.proof()).isEqualTo(Errno.Proof.NOT_READ_ONLY));
    }

    @Test
    default void nothingIsLeftBehind() throws Exception {
        Path host = lab().directory("trace-" + image());
        String container = lab().start(image(), "-v", host + ":/data", "--tmpfs", "/scratch");
        probe(container, List.of("/", "/tmp", "/etc", "/scratch"));
        assertThat(lab().exec(container, "ls -a / /tmp /etc /data /scratch /dev /dev/shm"))
                .doesNotContain("writeprobe");
        assertThat(lab().docker("diff", container).lines().filter(l -> !l.startsWith("C ")))
                .allMatch(l -> l.equals("A /data") || l.equals("A /scratch"));
        assertThat(lab().docker("top", container).lines().count()).isEqualTo(2);
    }
}
