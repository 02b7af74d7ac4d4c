package io.github.writeprobe.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9714, 127.0.0.1, 9714",
        "localhost:0, localhost, 0",
        "my-host.example:65535, my-host.example, 65535",
        ":9714, '', 9714",
        "[::1]:9714, ::1, 9714",
        "[::]:9714, ::, 9714"
    })
    void hostAndPortAreAnAddress(String text, String host, int port) {
        assertThat(ListenAddress.parse(text)).contains(new ListenAddress(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "9714", "localhost", "::1:9714", "a:65536", "a:-1", "a b:1", "[]:1"})
    void anythingElseIsNone(String text) {
        assertThat(ListenAddress.parse(text)).isEmpty();
    }
}
