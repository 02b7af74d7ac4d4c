package io.github.writeprobe.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Container;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerSelectorTest {
    private static final Container WEB =
            Containers.labelled(
                    "shop-web-1",
                    "nginx:1.27",
                    Map.of(
                            "com.docker.compose.project", "shop",
                            "com.docker.compose.service", "web",
                            "com.docker.swarm.service.name", "shop_web",
                            "io.kubernetes.pod.name", "web-7d4",
                            "io.kubernetes.pod.namespace", "team-a",
                            "io.kubernetes.container.name", "nginx",
                            "tier", "front",
                            "empty", ""));
    private static final Container PLAIN = Containers.labelled("plain", "busybox", Map.of());

    @ParameterizedTest
    @CsvSource({
        "container, shop-*",
        "image, nginx:*",
        "compose-project, shop",
        "compose-service, web",
        "swarm-service, *_web",
        "namespace, team-?",
        "pod, web-*",
        "pod-container, ngin?",
        "engine, unix:*",
        "label:tier, front",
        "label:empty, ''"
    })
    void eachFieldIsMatched(String field, String pattern) {
        assertThat(new ContainerSelector(Map.of(field, pattern)).matches(WEB)).isTrue();
        assertThat(new ContainerSelector(Map.of(field, "other")).matches(WEB)).isFalse();
    }

    @Test
    void selfIsWhatTheAgentFoundOutAndNoLabel() {
        Container claiming =
                Containers.labelled("writeprobe", "writeprobe:latest", Map.of("self", "true"));
        ContainerSelector self = new ContainerSelector(Map.of("self", "true"));
        assertThat(self.matches(claiming)).isFalse();
        assertThat(self.matches(claiming.withSelf())).isTrue();
        assertThat(new ContainerSelector(Map.of("self", "false")).matches(claiming)).isTrue();
    }

    @Test
    void everyFieldIsTested() {
        assertThat(ContainerSelector.FIELDS)
                .containsOnlyKeys(
                        "container",
                        "image",
                        "compose-project",
                        "compose-service",
                        "swarm-service",
                        "namespace",
                        "pod",
                        "pod-container",
                        "engine",
                        "self");
    }

    @Test
    void allPatternsHaveToMatch() {
        assertThat(
                        new ContainerSelector(Map.of("container", "shop-*", "image", "nginx:*"))
                                .matches(WEB))
                .isTrue();
        assertThat(
                        new ContainerSelector(Map.of("container", "shop-*", "image", "httpd:*"))
                                .matches(WEB))
                .isFalse();
    }

    @Test
    void noPatternMatchesEveryContainer() {
        assertThat(ContainerSelector.ANY.matches(WEB)).isTrue();
        assertThat(ContainerSelector.ANY.matches(PLAIN)).isTrue();
    }

    @Test
    void aFieldOfWhichNothingIsKnownIsAnEmptyText() {
        assertThat(new ContainerSelector(Map.of("compose-project", "")).matches(PLAIN)).isTrue();
        assertThat(new ContainerSelector(Map.of("compose-project", "?*")).matches(PLAIN)).isFalse();
    }

    @Test
    void aLabelThatIsNotThereDoesNotMatchEvenAStar() {
        assertThat(new ContainerSelector(Map.of("label:tier", "*")).matches(PLAIN)).isFalse();
    }

    @Test
    void anUnknownFieldMatchesNothing() {
        assertThat(new ContainerSelector(Map.of("colour", "*")).matches(WEB)).isFalse();
    }

    @Test
    void laterChangesOfThePatternsAreNotSeen() {
        Map<String, String> patterns = new HashMap<>(Map.of("container", "shop-*"));
        ContainerSelector match = new ContainerSelector(patterns);

        patterns.put("image", "other");

        assertThat(match.matches(WEB)).isTrue();
    }
}
