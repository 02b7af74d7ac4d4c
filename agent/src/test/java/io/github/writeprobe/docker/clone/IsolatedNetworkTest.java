package io.github.writeprobe.docker.clone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsolatedNetworkTest {
    @ParameterizedTest
    @CsvSource({
        "172.17.0.0/16, 172.17.255.254",
        "192.168.128.0/20, 192.168.143.254",
        "10.0.0.0/24, 10.0.0.254",
        "10.0.0.16/28, 10.0.0.30",
        "10.0.0.0/8, 10.255.255.254"
    })
    void theGatewayIsTheLastAddressThatAContainerCouldHave(String subnet, String last) {
        assertThat(IsolatedNetwork.lastAddress(subnet)).hasValue(last);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fd00::/64", "10.0.0.0", "10.0.0.0/30", "10.0.0.0/99", "x"})
    void aSubnetThatIsNoneOrTooSmallHasNoRoomForOne(String subnet) {
        assertThat(IsolatedNetwork.lastAddress(subnet)).isEmpty();
    }
}
