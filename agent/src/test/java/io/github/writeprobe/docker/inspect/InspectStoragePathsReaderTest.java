package io.github.writeprobe.docker.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.model.EngineStoragePaths;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InspectStoragePathsReaderTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    private static EngineStoragePaths of(String json) throws Exception {
        return InspectStoragePathsReader.of(new JsonMapper().readTree(json.replace("ID", ID)));
    }

    @Test
    void dockerReportsBothForEveryContainer() throws Exception {
        assertThat(
                        of(
                                """
                                {"HostnamePath": "/srv/docker/containers/ID/hostname",
                                 "NetworkSettings": {"SandboxKey": "/srv/run/netns/abc"}}
                                """))
                .isEqualTo(new EngineStoragePaths("/srv/docker", "/srv/run", Set.of()));
    }

    @Test
    void aRemappedEngineHasADirectoryOfItsOwn() throws Exception {
        assertThat(
                        of("{\"LogPath\": \"/var/lib/docker/1.1/containers/ID/ID-json.log\"}")
                                .dataRoot())
                .isEqualTo("/var/lib/docker/1.1");
    }

    @Test
    void podmansDirectoryIsThatOfItsLayers() throws Exception {
        assertThat(
                        of(
                                """
                                {"HostnamePath": "/run/containers/storage/overlay-containers/ID/userdata/hostname",
                                 "GraphDriver": {"Data": {"UpperDir": "/var/lib/containers/storage/overlay/ID/diff"}},
                                 "NetworkSettings": {"SandboxKey": "/run/netns/netns-1"}}
                                """))
                .isEqualTo(
                        new EngineStoragePaths(
                                "/var/lib/containers/storage",
                                "",
                                Set.of(
                                        "/run",
                                        "/tmp",
                                        "/var/tmp",
                                        "/run/lock",
                                        "/var/log/journal")));
    }

    /// With containerd's image store, the engine does not say where the layers are.
    @Test
    void anEngineWithoutAGraphDriverStillReportsItsFiles() throws Exception {
        assertThat(
                        of(
                                """
                                {"HostsPath": "/srv/docker/containers/ID/hosts",
                                 "GraphDriver": {"Data": null, "Name": "overlayfs"}}
                                """))
                .isEqualTo(new EngineStoragePaths("/srv/docker", "", Set.of()));
        assertThat(
                        of(
                                """
                                {"LogPath": "/srv/docker/containers/ID/ID-json.log",
                                 "Storage": {"RootFS": {"Snapshot": {"Name": "overlayfs"}}}}
                                """))
                .isEqualTo(new EngineStoragePaths("/srv/docker", "", Set.of()));
    }

    @Test
    void whatIsNotReportedIsUnknown() throws Exception {
        assertThat(of("{}")).isEqualTo(EngineStoragePaths.UNKNOWN);
        assertThat(of("{\"HostnamePath\": 7, \"NetworkSettings\": []}"))
                .isEqualTo(EngineStoragePaths.UNKNOWN);
    }
}
