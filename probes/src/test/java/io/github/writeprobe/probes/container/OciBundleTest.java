package io.github.writeprobe.probes.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OciBundleTest {
    @Test
    void theRootFilesystemIsFoundHoweverItIsWritten() {
        assertThat(
                        OciBundle.path(
                                "{\"process\":{},\"root\":{\"path\":\"/a/merged\",\"readonly\":true}}"))
                .contains("/a/merged");
        assertThat(
                        OciBundle.path(
                                "{\n \"root\" : {\n \"readonly\": true,\n \"path\" : \"rootfs\"\n}\n}"))
                .contains("rootfs");
        assertThat(OciBundle.path("{\"root\":{\"path\":\"/a \\\"b\\\" \\u00e4\"}}"))
                .contains("/a \"b\" ä");
    }

    /// Quotes within a text are escaped, so the container's own texts never look like it.
    @Test
    void theContainersTextsAreNotTakenForIt() {
        String hostile =
                "{\"process\":{\"env\":[\"X=\\\"root\\\":{\\\"path\\\":\\\"/evil\\\"}\",\"root\"]},"
                        + "\"annotations\":{\"root\":\"{path: /evil}\"},\"root\":{\"path\":\"/right\"}}";
        assertThat(OciBundle.path(hostile)).contains("/right");
        assertThat(OciBundle.path("{\"annotations\":{\"root\":\"/evil\"}}")).isEmpty();
        assertThat(OciBundle.path("")).isEmpty();
        assertThat(OciBundle.path("{\"root\":{\"readonly\":true}}")).isEmpty();
        assertThat(OciBundle.path("{\"root\":{\"path\":\"/a\\u00\"}}")).contains("/au00");
    }
}
