package io.github.writeprobe.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.engine.Engine.Action;
import io.github.writeprobe.engine.Engine.Event;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerEventParserTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");
    private static final Instant THEN = Instant.ofEpochSecond(1_795_485_785, 205_257_163);

    private static Optional<Event> parse(String json) throws Exception {
        return DockerEventParser.parse(JSON.readTree(json), NOW);
    }

    private static String event(String action) {
        return """
        {"status":"%s","id":"c0ffee","from":"idle:1","Type":"container","Action":"%s",
        "Actor":{"ID":"c0ffee","Attributes":{"name":"web","exitCode":"137"}},
        "scope":"local","time":1795485785,"timeNano":1795485785205257163}
        """
                .formatted(action, action);
    }

    @ParameterizedTest
    @CsvSource({
        "start, START",
        "pause, PAUSE",
        "unpause, UNPAUSE",
        "rename, RENAME",
        "update, UPDATE",
        "die, DIE",
        "died, DIE",
        "destroy, DESTROY",
        "remove, DESTROY"
    })
    void anActionThatCanChangeAVerdictIsAnEvent(String actionName, Action action) throws Exception {
        assertThat(parse(event(actionName))).contains(new Event(action, "c0ffee", THEN));
        assertThat(DockerEventParser.FILTERS.get("event")).contains(actionName);
    }

    @Test
    void noLabelHidesAnEvent() throws Exception {
        String helper =
                event("start")
                        .replace(
                                "\"name\"",
                                "\"writeprobe.helper\":\"sidecar\",\"writeprobe.helper.seconds\":\"35\",\"name\"");
        assertThat(parse(helper)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create",
                "init",
                "exec",
                "exec_died",
                "exec_create: sh -c start",
                "exec_start: start",
                "exec_die",
                "health_status: healthy",
                "attach",
                "kill",
                "stop",
                "cleanup",
                "START",
                "start ",
                ""
            })
    void anyOtherActionIsNot(String actionName) throws Exception {
        assertThat(parse(event(actionName))).isEmpty();
    }

    @Test
    void theFieldsOfOldEnginesWillDo() throws Exception {
        assertThat(parse("{\"status\":\"start\",\"id\":\"c0ffee\",\"time\":1795485785}"))
                .contains(new Event(Action.START, "c0ffee", Instant.ofEpochSecond(1_795_485_785)));
    }

    @Test
    void theFieldsThatNewEnginesLeaveOutAreNotMissed() throws Exception {
        assertThat(
                        parse(
                                "{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"c0ffee\"},\"timeNano\":1795485785205257163}"))
                .contains(new Event(Action.DIE, "c0ffee", THEN));
    }

    @Test
    void nullsAreFieldsThatAreMissing() throws Exception {
        assertThat(
                        parse(
                                "{\"Type\":null,\"Action\":null,\"status\":\"die\",\"Actor\":null,\"id\":\"c0ffee\",\"time\":null,\"timeNano\":null}"))
                .contains(new Event(Action.DIE, "c0ffee", NOW));
        assertThat(
                        parse(
                                "{\"Type\":null,\"Action\":null,\"status\":null,\"Actor\":{\"ID\":null,\"Attributes\":null},\"id\":null}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Type\":\"network\",\"Action\":\"destroy\",\"Actor\":{\"ID\":\"a\"}}",
                "{\"Type\":\"image\",\"Action\":\"remove\",\"Actor\":{\"ID\":\"a\"}}",
                "{\"Type\":{\"a\":1},\"Action\":\"start\",\"Actor\":{\"ID\":\"a\"}}",
                "{\"Type\":\"container\",\"Action\":[\"start\"],\"Actor\":{\"ID\":\"a\"}}",
                "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"../a\"}}",
                "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"\"}}",
                "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":7}}",
                "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":[]}",
                "{\"message\":\"out of luck\"}",
                "{}"
            })
    void nonContainerEventIsIgnored(String json) throws Exception {
        assertThat(parse(json)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "0",
                "\"x\"",
                "1e300",
                "99999999999999999999999999",
                "9223372036854775807",
                "[]"
            })
    void aTimeThatCannotBeIsNow(String time) throws Exception {
        assertThat(
                        parse(
                                "{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"a\"},\"time\":%s}"
                                        .formatted(time)))
                .contains(new Event(Action.DIE, "a", NOW));
    }
}
