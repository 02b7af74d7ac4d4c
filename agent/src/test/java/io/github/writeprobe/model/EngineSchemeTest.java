package io.github.writeprobe.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineSchemeTest {
    @ParameterizedTest
    @EnumSource
    void aHostHasTheSchemeThatItBeginsWith(EngineScheme scheme) {
        String host = scheme.host("/run/e.sock");
        assertThat(EngineScheme.of(host)).isEqualTo(scheme);
        assertThat(scheme.address(host)).isEqualTo("/run/e.sock");
        assertThat(EngineScheme.parse(host.substring(0, host.indexOf(':')))).contains(scheme);
    }

    @Test
    void aSocketIsReachedByAPath() {
        assertThat(EngineScheme.socket("unix:///run/docker.sock")).contains("/run/docker.sock");
        assertThat(EngineScheme.socket("cri:///run/crio/crio.sock"))
                .contains("/run/crio/crio.sock");
        assertThat(EngineScheme.socket("tcp://unix:2376")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/run/docker.sock", "cri:/x", "CRI:///x", "ssh://h", "xunix:///x"})
    void anyOtherHostIsLeftToDockersAdapterAndHasNoSocket(String host) {
        assertThat(EngineScheme.of(host).isDockerApi()).isTrue();
        assertThat(EngineScheme.socket(host)).isEmpty();
    }
}
