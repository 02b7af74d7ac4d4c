package io.github.writeprobe.probes.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OciBundleTest {
    @Test
    void theRootFilesystemIsFoundHoweverItIsWritten() {
        assertThat(
                        OciBundle.rootPath(
                                "{\"process\":{},\"root\":{\"path\":\"/a/merged\",\"readonly\":true}}"))
                .contains("/a/merged");
        assertThat(
                        OciBundle.rootPath(
                                "{\n \"root\" : {\n \"readonly\": true,\n \"path\" : \"rootfs\"\n}\n}"))
                .contains("rootfs");
        assertThat(OciBundle.rootPath("{\"root\":{\"path\":\"/a \\\"b\\\" \\u00e4\"}}"))
                .contains("/a \"b\" ä");
    }

    /// Quotes within a JSON string are escaped, so the container's own texts never match the
    /// patterns.
    @Test
    void theContainersTextsAreNotTakenForIt() {
        String hostile =
                "{\"process\":{\"env\":[\"X=\\\"root\\\":{\\\"path\\\":\\\"/evil\\\"}\",\"root\"]},"
                        + "\"annotations\":{\"root\":\"{path: /evil}\"},\"root\":{\"path\":\"/right\"}}";
        assertThat(OciBundle.rootPath(hostile)).contains("/right");
        assertThat(OciBundle.rootPath("{\"annotations\":{\"root\":\"/evil\"}}")).isEmpty();
        assertThat(OciBundle.rootPath("")).isEmpty();
        assertThat(OciBundle.rootPath("{\"root\":{\"readonly\":true}}")).isEmpty();
        assertThat(OciBundle.rootPath("{\"root\":{\"path\":\"/a\\u00\"}}")).contains("/au00");
    }
}
