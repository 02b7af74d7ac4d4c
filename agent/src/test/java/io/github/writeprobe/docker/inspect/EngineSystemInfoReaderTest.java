package io.github.writeprobe.docker.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.engine.EngineSystemInfo;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineSystemInfoReaderTest {
    private static EngineSystemInfo parse(String json) throws IOException {
        return EngineSystemInfoReader.parse(new JsonMapper().readTree(json));
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
                        new EngineSystemInfo(
                                List.of("runc", "runsc"), "2", List.of("seccomp", "rootless")));
    }

    @Test
    void whatAnEngineDoesNotSayIsEmpty() throws IOException {
        assertThat(parse("{\"Runtimes\": 1, \"SecurityOptions\": \"x\"}"))
                .isEqualTo(new EngineSystemInfo(List.of(), "", List.of()));
    }
}
