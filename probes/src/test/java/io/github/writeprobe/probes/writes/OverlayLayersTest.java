package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverlayLayersTest {
    private static Optional<OverlayLayers> layers(String filesystem, String options) {
        String line = "1 2 0:9 / / rw - %s overlay rw,%s".formatted(filesystem, options);
        return OverlayLayers.of(MountTable.parse(line).entries().getFirst());
    }

    @Test
    void layersAreListedFromTheUppermost() {
        assertThat(layers("overlay", "lowerdir=/l/2:/l/1,upperdir=/u/diff,workdir=/u/work"))
                .hasValue(new OverlayLayers("/u/diff", List.of("/l/2", "/l/1")));
    }

    /// containerd shortens the options with a working directory if they are too long for mount(2).
    @Test
    void relativeLayersAreBesideTheUpperDirectory() {
        assertThat(
                        layers(
                                "overlay",
                                "lowerdir=41/fs:40/fs,upperdir=/c/snapshots/42/fs,workdir=/c/snapshots/42/work"))
                .hasValue(
                        new OverlayLayers(
                                "/c/snapshots/42/fs",
                                List.of("/c/snapshots/41/fs", "/c/snapshots/40/fs")));
    }

    /// The newer mount calls take one layer at a time.
    @Test
    void layersMayBeOptionsOfTheirOwn() {
        assertThat(layers("overlay", "lowerdir+=/l/2,lowerdir+=/l/1,upperdir=/u/diff"))
                .hasValue(new OverlayLayers("/u/diff", List.of("/l/2", "/l/1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lowerdir=/l/2:/l/1",
                "lowerdir=/l/1,upperdir=l/ABC/diff",
                "lowerdir=/l/1,upperdir=/u\\,x/diff",
                "upperdir=/u/diff"
            })
    void whatIsUnclearIsUnknown(String options) {
        assertThat(layers("overlay", options)).isEmpty();
    }

    @Test
    void otherFilesystemsHaveNoLayers() {
        assertThat(layers("btrfs", "lowerdir=/l/1,upperdir=/u/diff")).isEmpty();
    }
}
