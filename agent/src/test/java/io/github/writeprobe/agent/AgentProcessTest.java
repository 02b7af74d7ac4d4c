package io.github.writeprobe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentProcessTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1:9714",
        "0.0.0.0, 0.0.0.0:9714",
        "10.0.0.0, 10.0.0.0:9714",
        "::, [::]:9714",
        "::1, [::1]:9714",
        "fe80::, [fe80::]:9714",
        "2001:db8::10:0:0:1, [2001:db8::10:0:0:1]:9714"
    })
    void anAddressIsShownAsItIsWrittenInAUrl(String address, String formatted) throws Exception {
        assertThat(
                        AgentProcess.formatAddress(
                                new InetSocketAddress(InetAddress.getByName(address), 9714)))
                .isEqualTo(formatted);
    }
}
