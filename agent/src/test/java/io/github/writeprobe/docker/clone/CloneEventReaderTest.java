package io.github.writeprobe.docker.clone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.recommend.prove.Clone.ClientRequest;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloneEventReaderTest {
    private static Optional<ClientRequest> request(String json) throws Exception {
        return CloneEventReader.request(new JsonMapper().readTree(json));
    }

    @Test
    void anExecIsACommand() throws Exception {
        assertThat(request("{\"Action\":\"exec_create: nginx -s reload\"}"))
                .hasValue(new ClientRequest.Command("nginx -s reload"));
    }

    @Test
    void aKillIsASignal() throws Exception {
        assertThat(request("{\"Action\":\"kill\",\"Actor\":{\"Attributes\":{\"signal\":\"1\"}}}"))
                .hasValue(new ClientRequest.Signal(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"Action\":\"start\"}",
                "{\"Action\":\"exec_start: sh\"}",
                "{\"Action\":\"kill\"}",
                "{\"Action\":\"kill\",\"Actor\":{\"Attributes\":{\"signal\":\"SIGHUP\"}}}"
            })
    void otherEventsAreIgnored(String json) throws Exception {
        assertThat(request(json)).isEmpty();
    }
}
