package io.github.writeprobe.docker.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.engine.EngineSetup;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineInfoTest {
    private static EngineSetup parse(String json) throws IOException {
        return EngineInfo.parse(new JsonMapper().readTree(json));
    }

    @Test
    void readsDockersRuntimesAndSecurityOptions() throws IOException {
        assertThat(
                        parse(
                                """
                                {"Runtimes": {"runc": {}, "runsc": {}, "io.containerd.runc.v2": {}},
                                 "CgroupVersion": "2",
                                 "SecurityOptions": ["name=seccomp,profile=default", "name=rootless"]}
                                """))
                .isEqualTo(
                        new EngineSetup(
                                List.of("runc", "runsc"), "2", List.of("seccomp", "rootless")));
    }

    @Test
    void whatAnEngineDoesNotSayIsEmpty() throws IOException {
        assertThat(parse("{\"Runtimes\": 1, \"SecurityOptions\": \"x\"}"))
                .isEqualTo(new EngineSetup(List.of(), "", List.of()));
    }
}
