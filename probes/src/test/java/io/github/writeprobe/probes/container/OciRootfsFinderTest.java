package io.github.writeprobe.probes.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OciRootfsFinderTest {
    @Test
    void theRootFilesystemIsFoundHoweverItIsWritten() {
        assertThat(
                        OciRootfsFinder.rootPath(
                                "{\"process\":{},\"root\":{\"path\":\"/a/merged\",\"readonly\":true}}"))
                .contains("/a/merged");
        assertThat(
                        OciRootfsFinder.rootPath(
                                "{\n \"root\" : {\n \"readonly\": true,\n \"path\" : \"rootfs\"\n}\n}"))
                .contains("rootfs");
        assertThat(OciRootfsFinder.rootPath("{\"root\":{\"path\":\"/a \\\"b\\\" \\u00e4\"}}"))
                .contains("/a \"b\" ä");
    }

    /// Quotes within a JSON string are escaped, so the container's own texts never match the
    /// patterns.
    @Test
    void theContainersTextsAreNotTakenForIt() {
        String hostile =
                "{\"process\":{\"env\":[\"X=\\\"root\\\":{\\\"path\\\":\\\"/evil\\\"}\",\"root\"]},"
                        + "\"annotations\":{\"root\":\"{path: /evil}\"},\"root\":{\"path\":\"/right\"}}";
        assertThat(OciRootfsFinder.rootPath(hostile)).contains("/right");
        assertThat(OciRootfsFinder.rootPath("{\"annotations\":{\"root\":\"/evil\"}}")).isEmpty();
        assertThat(OciRootfsFinder.rootPath("")).isEmpty();
        assertThat(OciRootfsFinder.rootPath("{\"root\":{\"readonly\":true}}")).isEmpty();
        assertThat(OciRootfsFinder.rootPath("{\"root\":{\"path\":\"/a\\u00\"}}")).contains("/au00");
    }
}
