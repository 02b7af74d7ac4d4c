package io.github.writeprobe.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineReportTest {
    @ParameterizedTest
    @CsvSource({
        "unix:///var/run/docker.sock, 20.10.24, docker",
        "tcp://build:2376, 28.0.0, docker",
        "unix:///run/podman/podman.sock, 4.3.1, docker",
        "unix:///var/run/docker.sock, '', docker",
        "cri:///run/containerd/containerd.sock, containerd v2.1.4, containerd",
        "cri:///run/crio/crio.sock, cri-o 1.30.0, cri-o",
        "cri:///run/crio/crio.sock, '', ''"
    })
    void theRuntimeIsNamedAsInAnIdOfKubernetes(String host, String version, String runtime) {
        assertThat(new EngineReport(host, version, "", List.of(), Optional.empty()).runtime())
                .isEqualTo(runtime);
    }
}
