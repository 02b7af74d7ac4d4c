package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.procfs.TestContainer;
import io.github.writeprobe.probes.writes.OverlayChanges.Change;
import io.github.writeprobe.probes.writes.OverlayChanges.Change.Kind;
import io.github.writeprobe.probes.writes.OverlayChanges.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real overlays of two lower layers. `RecommendEngineIT` compares with `docker diff`. Needs root.
class OverlayChangesIT {
    @TempDir Path layers;

    /// A container on an overlay, which is mounted where its engine would mount it.
    private record OverlayContainer(TestContainer container) implements AutoCloseable {
        static OverlayContainer start(Path layers) throws Exception {
            String mount =
                    """
                    set -e
                    layers=%s
                    mkdir -p $layers/1/bin $layers/1/etc $layers/1/var/cache $layers/1/tmp
                    mkdir -p $layers/2/etc $layers/2/usr/keep $layers/2/data $layers/upper $layers/work
                    cp /bin/busybox $layers/1/bin/busybox
                    echo 1 >$layers/1/etc/base
                    echo 1 >$layers/1/var/gone
                    echo 2 >$layers/2/etc/top
                    mkdir rootfs
                    mount -t overlay overlay rootfs \
                        -o lowerdir=$layers/2:$layers/1,upperdir=$layers/upper,workdir=$layers/work
                    exec "$@"
                    """
                            .formatted(layers);
            return new OverlayContainer(TestContainer.start("", "sh", "-c", mount, "mount"));
        }

        @Override
        public void close() throws IOException {
            container.kill();
            run("umount", container.root().toString());
            container.close();
        }
    }

    /// Without its program, which [TestContainer] copies into it.
    private static List<Change> changes(TestContainer container) {
        return switch (OverlayChanges.read(container.pid(), container.id())) {
            case Result.Found(List<Change> found) ->
                    found.stream().filter(c -> !c.path().startsWith("/bin")).toList();
            case Result.Unavailable(String reason) -> throw new AssertionError(reason);
        };
    }

    @Test
    void whatDiffersFromTheImageIsListedByPath() throws Exception {
        try (OverlayContainer overlay = OverlayContainer.start(layers)) {
            TestContainer container = overlay.container();
            container.runScript(
                    """
                    busybox mkdir /new /new/deep && echo x >/new/deep/file &&
                        echo x >>/etc/base && echo x >>/etc/top &&
                        busybox rm /var/gone && busybox ln -s /etc /var/cache/link
                    """);
            assertThat(changes(container))
                    .containsExactly(
                            new Change("/etc", Kind.CHANGED),
                            new Change("/etc/base", Kind.CHANGED),
                            new Change("/etc/top", Kind.CHANGED),
                            new Change("/new", Kind.ADDED),
                            new Change("/new/deep", Kind.ADDED),
                            new Change("/new/deep/file", Kind.ADDED),
                            new Change("/var", Kind.CHANGED),
                            new Change("/var/cache", Kind.CHANGED),
                            new Change("/var/cache/link", Kind.ADDED),
                            new Change("/var/gone", Kind.DELETED));
        }
    }

    @Test
    void whatIsGoneAgainLeavesNothing() throws Exception {
        try (OverlayContainer overlay = OverlayContainer.start(layers)) {
            TestContainer container = overlay.container();
            container.runScript("echo x >/usr/keep/file && busybox rm /usr/keep/file");
            assertThat(Files.exists(layers.resolve("upper/usr/keep"))).isTrue();
            assertThat(changes(container)).isEmpty();
        }
    }

    @Test
    void aFileThatReplacesARemovedOneIsChanged() throws Exception {
        try (OverlayContainer overlay = OverlayContainer.start(layers)) {
            TestContainer container = overlay.container();
            container.runScript("busybox rm /var/gone && echo new >/var/gone");
            assertThat(changes(container))
                    .containsExactly(
                            new Change("/var", Kind.CHANGED),
                            new Change("/var/gone", Kind.CHANGED));
        }
    }

    /// With one layer missing, a file of the image would look new.
    @Test
    void aLayerThatCannotBeReadIsNotTakenForOneWithoutTheDirectory() throws Exception {
        try (OverlayContainer overlay = OverlayContainer.start(layers)) {
            TestContainer container = overlay.container();
            container.runScript("echo x >>/etc/base");
            String hidden = layers.resolve("1/etc").toString();
            run("mount", "-t", "tmpfs", "hidden", hidden);
            try {
                assertThat(OverlayChanges.read(container.pid(), container.id()))
                        .isEqualTo(
                                new Result.Unavailable("a layer of its image could not be read"));
            } finally {
                run("umount", hidden);
            }
        }
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.onExit().join().exitValue()).isZero();
    }

    @Test
    void aRootFilesystemWithoutAnUpperDirectoryIsReported() throws Exception {
        try (TestContainer container = TestContainer.start("")) {
            assertThat(OverlayChanges.read(container.pid(), container.id()))
                    .isEqualTo(
                            new Result.Unavailable(
                                    "its root filesystem is no overlay with an upper directory that"
                                            + " is known"));
        }
    }

    @Test
    void aProcessOfNoContainerIsReported() {
        assertThat(OverlayChanges.read(ProcessHandle.current().pid(), "0".repeat(64)))
                .isInstanceOf(Result.Unavailable.class);
    }

    @Test
    void layersThatCannotBeSeenAreReported() throws Exception {
        try (OverlayContainer overlay = OverlayContainer.start(layers)) {
            TestContainer container = overlay.container();
            Path moved = layers.resolveSibling(layers.getFileName() + "-moved");
            Files.move(layers.resolve("1"), moved);
            try {
                assertThat(OverlayChanges.read(container.pid(), container.id()))
                        .isInstanceOfSatisfying(
                                Result.Unavailable.class,
                                u -> assertThat(u.reason()).contains("cannot be seen from here"));
            } finally {
                Files.move(moved, layers.resolve("1"));
            }
        }
    }
}
