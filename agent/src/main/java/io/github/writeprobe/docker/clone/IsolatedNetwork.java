package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.writeprobe.docker.transport.DockerApiClient;
import io.github.writeprobe.docker.transport.EngineResponse;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A network whose containers can reach only each other.
///
/// Until Docker 24, `Internal` alone relies on the engine's firewall rules. An engine that must not
/// change the firewall (`--iptables=false`) gives such a network a route to the outside through the
/// host. So the default gateway is set to an unused address. Later engines give an internal network
/// no default route (moby#46603), and refuse one that has a gateway. Podman does not use the
/// gateway either. The host itself stays reachable: that is how an exercise reaches a clone, and a
/// clone can reach services that listen on all addresses of the host.
final class IsolatedNetwork {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern SUBNET =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");
    private static final int MAX_PREFIX_LENGTH = 28;
    private static final int MAX_ATTEMPTS = 3;

    /// Only an engine whose internal networks have no default route refuses a gateway.
    private static final String NO_GATEWAY = "no gateway can be set on an internal bridge network";

    /// The result of creating the network.
    ///
    /// @param refusal the engine's error message; empty if there is a network. Untrusted
    record CreatedNetwork(Optional<String> name, String refusal) {}

    private final DockerApiClient api;
    private final String name;
    private final Map<String, String> labels;
    private final ResourceRemover removal;

    IsolatedNetwork(
            DockerApiClient api, ResourceRemover removal, String name, Map<String, String> labels) {
        this.api = api;
        this.removal = removal;
        this.name = name;
        this.labels = labels;
    }

    /// Creates the network. First it lets the engine choose any free subnet, because only the
    /// engine knows which are free. Call it on a thread of
    /// [io.github.writeprobe.docker.transport.EngineCallExecutor].
    CreatedNetwork create() throws Exception {
        String refusal = "";
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            EngineResponse any = createNetwork(request());
            if (!any.isOk()) {
                return new CreatedNetwork(Optional.empty(), any.message());
            }
            String subnet =
                    api.get("/networks/" + name)
                            .json()
                            .path("IPAM")
                            .path("Config")
                            .path(0)
                            .path("Subnet")
                            .asText("");
            api.delete(ResourceRemover.networkPath(name));
            Optional<String> last = lastAddress(subnet);
            if (last.isEmpty()) {
                return new CreatedNetwork(
                        Optional.empty(), "the engine chose an unsuitable subnet: " + subnet);
            }
            ObjectNode request = request();
            ObjectNode range = request.putObject("IPAM").putArray("Config").addObject();
            range.put("Subnet", subnet);
            range.putObject("AuxiliaryAddresses").put("DefaultGatewayIPv4", last.get());
            EngineResponse made = createNetwork(request);
            if (!made.isOk() && made.message().contains(NO_GATEWAY)) {
                made = createNetwork(request());
            }
            if (made.isOk()) {
                return new CreatedNetwork(Optional.of(name), "");
            }
            // Another network has taken the subnet in the meantime.
            refusal = made.message();
        }
        return new CreatedNetwork(Optional.empty(), refusal);
    }

    private EngineResponse createNetwork(ObjectNode request) throws Exception {
        return removal.trackCreation(
                ResourceRemover.networkPath(name),
                () -> api.post("/networks/create", JSON.writeValueAsBytes(request)));
    }

    private ObjectNode request() {
        ObjectNode request = JSON.createObjectNode().put("Name", name).put("Driver", "bridge");
        request.put("Internal", true).put("CheckDuplicate", true);
        ObjectNode node = request.putObject("Labels");
        labels.forEach(node::put);
        return request;
    }

    /// The last address of a subnet that a container could have; empty if the subnet is unsuitable.
    static Optional<String> lastAddress(String subnet) {
        Matcher parts = SUBNET.matcher(subnet);
        if (!parts.matches() || Integer.parseInt(parts.group(5)) > MAX_PREFIX_LENGTH) {
            return Optional.empty();
        }
        long address = 0;
        for (int i = 1; i <= 4; i++) {
            address = address << 8 | Integer.parseInt(parts.group(i));
        }
        long hosts = (1L << (32 - Integer.parseInt(parts.group(5)))) - 1;
        long last = (address | hosts) - 1;
        return Optional.of(
                "%d.%d.%d.%d"
                        .formatted(
                                last >> 24 & 0xff,
                                last >> 16 & 0xff,
                                last >> 8 & 0xff,
                                last & 0xff));
    }
}
