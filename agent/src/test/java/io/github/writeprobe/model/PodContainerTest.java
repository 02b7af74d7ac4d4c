package io.github.writeprobe.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodContainerTest {
    private static final Map<String, String> LABELS =
            Map.of(
                    "io.kubernetes.pod.namespace", "shop",
                    "io.kubernetes.pod.name", "web-7d4-x2x",
                    "io.kubernetes.pod.uid", "1c2d",
                    "io.kubernetes.container.name", "nginx");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop/web-7d4-x2x/nginx",
                "k8s_nginx_web-7d4-x2x_shop_1c2d_0",
                "k8s_nginx_web-7d4-x2x_shop_1c2d_3_a1b2c3"
            })
    void aContainerThatTheKubeletNamedIsInAPod(String name) {
        assertThat(PodContainer.of(name, LABELS))
                .contains(new PodContainer("shop", "web-7d4-x2x", "1c2d", "nginx"));
    }

    /// An image can have the labels of another container.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "web",
                "nginx",
                "k8s_nginx_web-7d4-x2x_shop_1c2",
                "k8s_nginx_web-7d4-x2x_other_1c2d_0",
                "other/web-7d4-x2x/nginx",
                ""
            })
    void aContainerWithTheLabelsAloneIsInNone(String name) {
        assertThat(PodContainer.of(name, LABELS)).isEmpty();
    }

    @Test
    void aContainerThatIsNamedLikeThatAloneIsInNone() {
        assertThat(PodContainer.of("k8s_nginx_web_shop_1c2d_0", Map.of())).isEmpty();
        assertThat(PodContainer.of("k8s_____", Map.of())).isEmpty();
        assertThat(PodContainer.of("//", Map.of())).isEmpty();
    }

    @Test
    void aContainerWhosePodHasNoUidIsInAPod() {
        Map<String, String> labels = new HashMap<>(LABELS);
        labels.remove("io.kubernetes.pod.uid");

        assertThat(PodContainer.of("shop/web-7d4-x2x/nginx", labels))
                .contains(new PodContainer("shop", "web-7d4-x2x", "", "nginx"));
    }
}
