package io.github.writeprobe.docker.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.docker.FakeEngine;
import io.github.writeprobe.docker.FakeEngine.Call;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.model.ExcludedContainer.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExclusionCheckTest {
    private static final JsonMapper JSON = new JsonMapper();

    /// The inspect of Docker 20.10 for a container without any options.
    private static final String PLAIN =
            """
            {"Privileged":false,"CapAdd":null,"CapDrop":null,"CgroupnsMode":"host","IpcMode":"private",\
            "NetworkMode":"none","PidMode":"","UTSMode":"","UsernsMode":"","Devices":[],\
            "DeviceCgroupRules":null,"DeviceRequests":null,"VolumesFrom":null,"SecurityOpt":null,\
            "MaskedPaths":["/proc/asound","/proc/acpi","/proc/kcore","/proc/keys","/proc/latency_stats",\
            "/proc/timer_list","/proc/timer_stats","/proc/sched_debug","/proc/scsi","/sys/firmware"],\
            "ReadonlyPaths":["/proc/bus","/proc/fs","/proc/irq","/proc/sys","/proc/sysrq-trigger"],\
            "RestartPolicy":{"Name":"no"},"Runtime":"runc","ReadonlyRootfs":false}\
            """;

    @TempDir Path directory;
    private FakeEngine fake;
    private Engine engine;

    @BeforeEach
    void start() throws Exception {
        Path socket = directory.resolve("engine.sock");
        fake = FakeEngine.onUnix(socket, 0);
        engine =
                DockerEngines.open(List.of("unix://" + socket), Map.of(), Duration.ofSeconds(3))
                        .getFirst();
    }

    @AfterEach
    void stop() {
        engine.close();
        fake.close();
    }

    private Optional<Reason> exclusion(
            String name, Map<String, String> labels, String changes, String mounts)
            throws Exception {
        ObjectNode json = JSON.createObjectNode();
        json.put("Id", "abc").put("Name", "/" + name).put("Created", Instant.now().toString());
        json.putObject("State").put("Running", true).put("StartedAt", Instant.now().toString());
        json.putObject("Config").set("Labels", JSON.valueToTree(labels));
        ObjectNode host = (ObjectNode) JSON.readTree(PLAIN);
        host.setAll((ObjectNode) JSON.readTree(changes.replace('\'', '"')));
        json.set("HostConfig", host);
        JsonNode mountsJson = JSON.readTree(mounts.replace('\'', '"'));
        json.set("Mounts", mountsJson);
        fake.reply(Call.INSPECT, 200, json.toString());
        return engine.inspect("abc").orElseThrow().exclusion();
    }

    private Optional<Reason> exclusionOfSandbox(String changes, String mounts) throws Exception {
        return exclusion(
                "k8s_POD_web_shop_1_0",
                Map.of("io.kubernetes.docker.type", "podsandbox"),
                changes,
                mounts);
    }

    private Optional<Reason> exclusionOfClone(String changes, String mounts) throws Exception {
        return exclusion(
                "writeprobe-0123456789abcdef",
                ManagedResourceLabels.labels(ManagedResourceLabels.CLONE, Duration.ofMinutes(5)),
                changes,
                mounts);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'SecurityOpt':['no-new-privileges']}",
                "{'IpcMode':'host','NetworkMode':'host','UTSMode':'host','SecurityOpt':['label=disable']}",
                "{'IpcMode':'shareable','CapDrop':['ALL'],'ReadonlyRootfs':true}",
                "{'ReadonlyPaths':null,'MaskedPaths':null}"
            })
    void aPauseContainerOfAPodIsExcludedWhateverNamespacesThePodShares(String changes)
            throws Exception {
        assertThat(exclusionOfSandbox(changes, "[]")).contains(Reason.POD_SANDBOX);
        assertThat(exclusionOfSandbox(changes, "[{'Type':'tmpfs','Destination':'/t'}]"))
                .isPresent();
    }

    private static final String INFRA_FILES =
            "/var/lib/containers/storage/overlay-containers/"
                    + "0123456789abcdef".repeat(4)
                    + "/userdata/hostname";

    private Optional<Reason> exclusionOfInfra(String name, String changes, String... command)
            throws Exception {
        return exclusionOfInfraWithFiles(INFRA_FILES, name, changes, command);
    }

    private Optional<Reason> exclusionOfInfraWithFiles(
            String files, String name, String changes, String... command) throws Exception {
        ObjectNode json = JSON.createObjectNode();
        json.put("Id", "abc").put("Name", "/" + name).put("Created", Instant.now().toString());
        json.putObject("State").put("Running", true).put("StartedAt", Instant.now().toString());
        json.put("HostnamePath", files);
        json.put("Path", command[0]);
        json.set("Args", JSON.valueToTree(List.of(command).subList(1, command.length)));
        ObjectNode host = (ObjectNode) JSON.readTree(PODMAN.replace('\'', '"'));
        host.setAll((ObjectNode) JSON.readTree(changes.replace('\'', '"')));
        json.set("HostConfig", host);
        json.putArray("Mounts");
        fake.reply(Call.INSPECT, 200, json.toString());
        return engine.inspect("abc").orElseThrow().exclusion();
    }

    /// The inspect of Podman 5.8 for the infra container of a pod.
    private static final String PODMAN =
            "{'Privileged':false,'CapAdd':[],'CapDrop':[],'Annotations':{'io.container.manager':'libpod','org.opencontainers.image.stopSignal':'15','org.systemd.property.KillSignal':'15','org.systemd.property.TimeoutStopUSec':'uint64"
                    + " 10000000'},'DeviceCgroupRules':null,'DeviceRequests':null,'Devices':[],'VolumesFrom':null,'ReadonlyPaths':null,'MaskedPaths':null,'UsernsMode':'','PidMode':'private','IpcMode':'shareable','UTSMode':'private','NetworkMode':'none','SecurityOpt':[],'Runtime':'oci'}";

    @Test
    void podmansInfraContainerIsExcludedIfItOnlyPausesWhateverItsName() throws Exception {
        fake.reply(Call.UNKNOWN, 200, "{\"IsInfra\":true}");
        for (String name : List.of("b1dc37486426-infra", "web")) {
            assertThat(exclusionOfInfra(name, "{}", "/catatonit", "-P"))
                    .contains(Reason.POD_SANDBOX);
            assertThat(exclusionOfInfra(name, "{}", "/pause")).contains(Reason.POD_SANDBOX);
            assertThat(exclusionOfInfra(name, "{}", "/bin/sh")).isEmpty();
        }
        assertThat(fake.requests()).contains("GET /v1.41/libpod/containers/abc/json");
        assertThat(exclusionOfInfraWithFiles("/var/lib/docker/containers/x", "web", "{}", "/pause"))
                .as("an engine that has no infra containers")
                .isEmpty();
        String unusual = "{'Annotations':{'run.oci.keep_original_groups':'1'}}";
        assertThat(exclusionOfInfra("web", unusual, "/catatonit", "-P")).isEmpty();
        for (String power : POWERS) {
            assertThat(exclusionOfInfra("web", power, "/catatonit", "-P")).as(power).isEmpty();
        }
    }

    @Test
    void onlyPodmanItselfSaysWhichContainerIsAnInfraContainer() throws Exception {
        for (String libpod : List.of("{\"IsInfra\":false}", "{}", "[]", "not JSON")) {
            fake.reply(Call.UNKNOWN, 200, libpod);
            assertThat(exclusionOfInfra("b1dc37486426-infra", "{}", "/catatonit", "-P"))
                    .as(libpod)
                    .isEmpty();
        }
        fake.reply(Call.UNKNOWN, 403, "{\"IsInfra\":true}");
        assertThat(exclusionOfInfra("b1dc37486426-infra", "{}", "/pause")).isEmpty();
    }

    static final String[] POWERS = {
        "{'Privileged':true}",
        "{'CapAdd':['SYS_ADMIN']}",
        "{'CapAdd':['CAP_SYS_PTRACE'],'CapDrop':['ALL']}",
        "{'CapAdd':['ALL']}",
        "{'Devices':[{'PathOnHost':'/dev/sda','PathInContainer':'/dev/sda','CgroupPermissions':'rwm'}]}",
        "{'DeviceCgroupRules':['b 7:* rwm']}",
        "{'DeviceRequests':[{'Driver':'nvidia','Count':-1}]}",
        "{'VolumesFrom':['web']}",
        "{'Annotations':{'run.oci.handler':'krun'}}",
        "{'ReadonlyPaths':[]}",
        "{'ReadonlyPaths':['/proc/bus']}",
        "{'MaskedPaths':[]}",
        "{'SecurityOpt':['seccomp=unconfined']}",
        "{'SecurityOpt':['seccomp:unconfined']}",
        "{'SecurityOpt':['seccomp={}']}",
        "{'SecurityOpt':['apparmor=unconfined']}",
        "{'SecurityOpt':['systempaths=unconfined']}",
        "{'SecurityOpt':['label=disable']}",
        "{'SecurityOpt':['label=type:spc_t']}",
        "{'UsernsMode':'host'}",
        "{'PidMode':'host'}",
        "{'PidMode':'host','SecurityOpt':['label=disable','no-new-privileges']}",
        "{'PidMode':'container:abc'}",
        "{'IpcMode':'container:abc'}",
        "{'NetworkMode':'container:abc'}"
    };

    @Test
    void aContainerWithAnyPowerIsNeverExcluded() throws Exception {
        for (String power : POWERS) {
            assertThat(exclusionOfSandbox(power, "[]")).as(power).isEmpty();
            assertThat(exclusionOfClone(power, "[]")).as(power).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{'Type':'bind','Source':'/','Destination':'/h','RW':true}]",
                "[{'Type':'bind','Source':'/run','Destination':'/r','RW':false}]",
                "[{'Type':'volume','Name':'data','Destination':'/d','RW':true}]",
                "[{'Type':'volume','Name':'data','Destination':'/d','RW':false}]",
                "[{'Destination':'/d'}]"
            })
    void aContainerWithAForeignMountIsNeverExcluded(String mounts) throws Exception {
        assertThat(exclusionOfSandbox("{}", mounts)).isEmpty();
        assertThat(exclusionOfClone("{}", mounts)).isEmpty();
    }

    @Test
    void aCloneWithoutPowerIsExcluded() throws Exception {
        assertThat(exclusionOfClone("{}", "[]")).contains(Reason.HELPER);
        assertThat(exclusionOfClone("{'NetworkMode':'writeprobe-1'}", "[]"))
                .contains(Reason.HELPER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'PidMode':'host','SecurityOpt':['label=disable']}",
                "{'IpcMode':'host'}",
                "{'NetworkMode':'host'}",
                "{'UTSMode':'host'}"
            })
    void noCloneSharesANamespaceOfTheMachine(String changes) throws Exception {
        assertThat(exclusionOfClone(changes, "[]")).isEmpty();
    }

    private static final String OWN =
            "[{'Type':'volume','Name':'writeprobe-1','Destination':'/d','RW':true}]";

    private static String volume(String driver, String options, String labels) {
        return "{\"Name\":\"writeprobe-1\",\"Driver\":\"%s\",\"Options\":%s,\"Labels\":%s}"
                .formatted(driver, options, labels);
    }

    @Test
    void aCloneMayHaveVolumesThatWereMadeForIt() throws Exception {
        String labels = "{\"writeprobe.helper\":\"clone\"}";
        fake.reply(Call.UNKNOWN, 200, volume("local", "null", labels));
        assertThat(exclusionOfClone("{}", OWN)).contains(Reason.HELPER);
        assertThat(fake.requests().getLast()).isEqualTo("GET /v1.41/volumes/writeprobe-1");
    }

    @Test
    void aVolumesNameAloneProvesNothing() throws Exception {
        String labels = "{\"writeprobe.helper\":\"clone\"}";
        for (String volume :
                List.of(
                        volume(
                                "local",
                                "{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/etc\"}",
                                labels),
                        volume("sshfs", "null", labels),
                        volume("local", "null", "{}"),
                        "{}",
                        "[]")) {
            fake.reply(Call.UNKNOWN, 200, volume);
            assertThat(exclusionOfClone("{}", OWN)).as(volume).isEmpty();
        }
        fake.reply(Call.UNKNOWN, 403, "{\"message\":\"forbidden\"}");
        assertThat(exclusionOfClone("{}", OWN)).isEmpty();
    }

    @Test
    void sidecarHelperOfAnotherProcessIsNotExcluded() throws Exception {
        Map<String, String> labels = ManagedResourceLabels.labels("sidecar", Duration.ofSeconds(5));
        String hostConfig =
                "{'CapAdd':['SYS_PTRACE','SYS_CHROOT','SETUID','SETGID'],'CapDrop':['ALL'],'PidMode':'container:web'}";
        assertThat(exclusion("writeprobe-1", labels, hostConfig, "[]")).isEmpty();
        assertThat(exclusion("writeprobe-1", labels, "{}", "[]")).isEmpty();
    }

    @Test
    void wrongNameOrExpiredLifetimeIsNotExcluded() throws Exception {
        Map<String, String> labels =
                ManagedResourceLabels.labels(ManagedResourceLabels.CLONE, Duration.ofMinutes(5));
        assertThat(exclusion("web", labels, "{}", "[]")).isEmpty();
        assertThat(
                        exclusion(
                                "writeprobe-1",
                                Map.of(
                                        ManagedResourceLabels.LABEL,
                                        "clone",
                                        ManagedResourceLabels.SECONDS,
                                        "0"),
                                "{}",
                                "[]"))
                .isEmpty();
    }
}
