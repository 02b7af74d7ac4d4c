package io.github.writeprobe.docker.clone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.docker.clone.CloneMountPlan.OriginalMount;
import io.github.writeprobe.docker.clone.CloneMountPlan.PlannedMount;
import io.github.writeprobe.docker.clone.CloneRequest.CloneMount;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.recommend.propose.ProposalItem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which properties of an original its clones get.
class CloneRequestTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static JsonNode clone(JsonNode original, ProposalItem... provisions) {
        return CloneRequest.clone(
                original,
                List.of(),
                List.of(provisions),
                Optional.of(new CloneRequest.Network("net", List.of("web"))),
                true,
                8L << 30,
                Map.of("ours", "1"));
    }

    private static JsonNode host(String hostConfig) throws Exception {
        return clone(json("{'Id':'abc','Image':'sha256:1','HostConfig':" + hostConfig + "}"))
                .path("HostConfig");
    }

    private static CloneMountPlan plan(String mount, String request) throws Exception {
        return CloneMountPlan.of(
                json("{'Mounts':[%s],'HostConfig':{'Mounts':[%s]}}".formatted(mount, request)),
                path -> Optional.of(FileType.DIRECTORY));
    }

    @Test
    void aPartOfAVolumeStaysAPart() throws Exception {
        OriginalMount part = new OriginalMount("volume", "v", "mine");
        assertThat(
                        plan(
                                        "{'Type':'volume','Name':'v','Destination':'/d','RW':false}",
                                        "{'Type':'volume','Source':'v','Target':'/d/','VolumeOptions':{'Subpath':'mine'}}")
                                .plannedMounts())
                .containsExactly(new PlannedMount.Copy("/d", false, false, part));
        assertThat(mounted(new CloneMount("volume", "v", "/d", true, false, "mine")))
                .isEqualTo(
                        json(
                                "[{'Type':'volume','Source':'v','Target':'/d','ReadOnly':true,'VolumeOptions':{'NoCopy':true,'Subpath':'mine'}}]"));
    }

    @Test
    void anImageIsMountedAgain() throws Exception {
        assertThat(
                        plan(
                                        "{'Type':'image','Name':'a:1','Source':'/var/x','Destination':'/i','RW':false}",
                                        "{'Type':'image','Source':'a:1','Target':'/i','ImageOptions':{'Subpath':'usr'}}")
                                .plannedMounts())
                .containsExactly(
                        new PlannedMount.Original("/i", new OriginalMount("image", "a:1", "usr")));
        assertThat(mounted(new CloneMount("image", "a:1", "/i", true, false, "usr")))
                .isEqualTo(
                        json(
                                "[{'Type':'image','Source':'a:1','Target':'/i','ImageOptions':{'Subpath':'usr'}}]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'Type':'bind','Source':'/s','Destination':'/d','Propagation':'rslave'} | | /d has the propagation rslave: its clones do not see what is mounted there later",
                "{'Type':'bind','Source':'/s','Destination':'/d','Propagation':'rprivate','Mode':'idmap'} | | /d is different in its clones, because this version does not understand: option idmap",
                "{'Type':'volume','Name':'v','Destination':'/d'} | {'Target':'/d','VolumeOptions':{'Snapshot':'daily'}} | /d is different in its clones, because this version does not understand: VolumeOptions.Snapshot=daily",
                "{'Type':'cluster','Name':'v','Destination':'/d'} | | /d is missing in its clones: mounts of the type cluster are not supported",
            })
    void whatAMountLosesIsADifference(String mount, @Nullable String request, String difference)
            throws Exception {
        assertThat(plan(mount, request == null ? "" : request).differences())
                .containsExactly(difference);
    }

    private static JsonNode mounted(CloneMount mount) throws Exception {
        return CloneRequest.filler(json("{'Image':'i'}"), List.of(mount), Map.of())
                .path("HostConfig")
                .path("Mounts");
    }

    /// A clone gets nothing with which it could reach, keep or change what belongs to others.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'Binds':['/:/host']}",
                "{'PortBindings':{'80/tcp':[{'HostPort':'80'}]}}",
                "{'PublishAllPorts':true}",
                "{'RestartPolicy':{'Name':'always'}}",
                "{'AutoRemove':true}",
                "{'VolumesFrom':['db']}",
                "{'Links':['/db:/web/db']}",
                "{'PidMode':'host'}",
                "{'PidMode':'container:db'}",
                "{'IpcMode':'host'}",
                "{'IpcMode':'container:db'}",
                "{'UTSMode':'host'}",
                "{'NetworkMode':'host'}",
                "{'NetworkMode':'container:db'}",
                "{'Privileged':true}",
                "{'CgroupParent':'/system.slice'}",
                "{'Cgroup':'container:db'}",
                "{'Devices':[{'PathOnHost':'/dev/sda','PathInContainer':'/dev/sda'}]}",
                "{'DeviceRequests':[{'Driver':'nvidia'}]}",
                "{'DeviceCgroupRules':['a *:* rwm']}",
                "{'VolumeDriver':'nfs'}",
                "{'ContainerIDFile':'/run/id'}",
                "{'LogConfig':{'Type':'syslog'}}",
                "{'OomKillDisable':true}",
                "{'OomScoreAdj':-1000}",
                "{'Mounts':[{'Type':'bind','Source':'/','Target':'/host'}]}",
                "{'Annotations':{'a':'b'}}",
                "{'NobodyKnows':'this'}"
            })
    void harmfulHostConfigIsNotCopied(String hostConfig) throws Exception {
        assertThat(host(hostConfig)).isEqualTo(host("{}"));
    }

    @Test
    void podmansNamesOfLimitsBecomeThoseThatItUnderstands() throws Exception {
        assertThat(
                        host("{'Ulimits':[{'Name':'RLIMIT_NOFILE','Soft':1,'Hard':2},7]}")
                                .path("Ulimits"))
                .isEqualTo(json("[{'Name':'nofile','Soft':1,'Hard':2},7]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CapDrop | ['ALL']",
                "CapAdd | ['CHOWN']",
                "SecurityOpt | ['no-new-privileges']",
                "Sysctls | {'net.core.somaxconn':'10'}",
                "Ulimits | [{'Name':'nofile','Soft':1,'Hard':2}]",
                "ShmSize | 1000000",
                "Init | true",
                "Runtime | 'runsc'",
                "UsernsMode | 'host'",
                "GroupAdd | ['4711']",
                "ExtraHosts | ['db:10.0.0.1']",
                "Memory | 1000000",
                "PidsLimit | 7",
                "IpcMode | 'none'",
                "MaskedPaths | []",
                "Umask | '0077'",
                "StorageOpt | {'size':'1G'}"
            })
    void harmlessHostConfigIsCopied(String key, String value) throws Exception {
        assertThat(host("{'%s':%s}".formatted(key, value)).path(key)).isEqualTo(json(value));
    }

    @Test
    void aCloneIsWeakerThanAnyOriginalAndHasAnEnd() throws Exception {
        JsonNode host = host("{'CpuShares':4096,'PidsLimit':-1,'Memory':0,'MemorySwap':-1}");
        assertThat(host.path("CpuShares").asLong()).isEqualTo(128);
        assertThat(host("{'CpuShares':2}").path("CpuShares").asLong()).isEqualTo(2);
        assertThat(host.path("OomScoreAdj").asLong()).isEqualTo(1000);
        assertThat(host.path("PidsLimit").asLong()).isPositive();
        assertThat(host.path("Memory").asLong()).isEqualTo(4L << 30);
        assertThat(host.has("MemorySwap")).isFalse();
        assertThat(host.at("/LogConfig/Type").asText()).isEqualTo("json-file");
    }

    @Test
    void noCloneMaySetTheMachinesClockOrLoadWhatItLikesIntoTheKernel() throws Exception {
        assertThat(host("{'CapAdd':['CAP_SYS_TIME','CHOWN','sys_module']}").path("CapAdd"))
                .isEqualTo(json("['CHOWN']"));
        JsonNode all = host("{'CapAdd':['ALL'],'CapDrop':['NET_RAW']}");
        assertThat(all.path("CapAdd")).isEqualTo(json("['ALL']"));
        assertThat(all.path("CapDrop"))
                .isEqualTo(json("['NET_RAW','SYS_MODULE','SYS_RAWIO','SYS_TIME']"));
        assertThat(CloneDifferences.of(json("{'HostConfig':{'CapAdd':['ALL']}}")))
                .containsExactly(
                        "it has capabilities over the host (SYS_MODULE, SYS_RAWIO, SYS_TIME), and its clones do not");
        assertThat(CloneDifferences.of(json("{'HostConfig':{'CapAdd':['CHOWN']}}"))).isEmpty();
    }

    @Test
    void itIsOnItsOwnNetworkOnly() throws Exception {
        JsonNode clone =
                clone(
                        json(
                                "{'Id':'abc','Config':{'Hostname':'abc','MacAddress':'1','ExposedPorts':{'80/tcp':{}},'Labels':{'a':'b'}},"
                                        + "'NetworkSettings':{'Networks':{'shop':{'IPAMConfig':{'IPv4Address':'10.0.0.1'}}}}}"));
        assertThat(clone.at("/HostConfig/NetworkMode").asText()).isEqualTo("net");
        assertThat(clone.at("/NetworkingConfig/EndpointsConfig"))
                .isEqualTo(json("{'net':{'Aliases':['web']}}"));
        assertThat(clone.path("Labels")).isEqualTo(json("{'ours':'1'}"));
        assertThat(clone.has("Hostname") || clone.has("MacAddress") || clone.has("ExposedPorts"))
                .isFalse();
    }

    /// If the request has no entrypoint, the engine uses the image's.
    @Test
    void noEntryPointIsNotTheImagesEntryPoint() throws Exception {
        assertThat(clone(json("{'Config':{'Entrypoint':null,'Cmd':['a']}}")).path("Entrypoint"))
                .isEqualTo(json("['']"));
        assertThat(clone(json("{'Config':{'Entrypoint':['b'],'Cmd':null}}")).path("Entrypoint"))
                .isEqualTo(json("['b']"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'Test':['CMD','x']} | 2000000000 | 45",
                "{'Test':['CMD','x'],'Interval':60000000000,'Retries':2} | 2000000000 | 60",
                "{'Test':['CMD','x'],'Interval':1000000000,'Retries':5} | 1000000000 | 5"
            })
    void healthIsAskedForMoreOftenAndForgivenAsLong(String check, long interval, int retries)
            throws Exception {
        JsonNode made = clone(json("{'Config':{'Healthcheck':" + check + "}}")).path("Healthcheck");
        assertThat(made.path("Interval").asLong()).isEqualTo(interval);
        assertThat(made.path("Retries").asInt()).isEqualTo(retries);
        assertThat(made.path("Test")).isEqualTo(json("['CMD','x']"));
    }

    @Test
    void readOnlyReachesEverythingBelowABind() throws Exception {
        JsonNode mounts =
                CloneRequest.filler(
                                json("{}"),
                                List.of(
                                        new CloneMount("bind", "/etc/x", "/x", true, false),
                                        new CloneMount("volume", "v", "/v", true, false)),
                                Map.of())
                        .at("/HostConfig/Mounts");
        assertThat(mounts.path(0))
                .isEqualTo(
                        json(
                                "{'Type':'bind','Source':'/etc/x','Target':'/x','ReadOnly':true,'BindOptions':{'NonRecursive':true}}"));
        assertThat(mounts.path(1).at("/VolumeOptions/NoCopy").asBoolean()).isTrue();
    }

    private static CloneMountPlan plan(String mounts, FileType type) throws Exception {
        return CloneMountPlan.of(json("{'Mounts':" + mounts + "}"), path -> Optional.of(type));
    }

    @Test
    void aMaskByADeviceOfEveryContainerStays() throws Exception {
        CloneMountPlan plan =
                plan(
                        "[{'Type':'bind','Source':'/dev/null','Destination':'/etc/x','RW':true}]",
                        FileType.DEVICE);
        assertThat(plan.plannedMounts())
                .containsExactly(
                        new PlannedMount.Original(
                                "/etc/x", new OriginalMount("bind", "/dev/null", "")));
        assertThat(plan.differences()).isEmpty();
    }

    @Test
    void directoriesAreCopiedAndFilesOnlyIfTheyCanBeWritten() throws Exception {
        assertThat(
                        plan(
                                        "[{'Type':'volume','Name':'v','Source':'/var/lib/docker/volumes/v/_data','Destination':'/d/','RW':true}]",
                                        FileType.DIRECTORY)
                                .plannedMounts())
                .containsExactly(
                        new PlannedMount.Copy(
                                "/d", false, true, new OriginalMount("volume", "v", "")));
        String file = "[{'Type':'bind','Source':'/etc/x','Destination':'/x','RW':%s}]";
        assertThat(plan(file.formatted("true"), FileType.REGULAR).plannedMounts())
                .containsExactly(
                        new PlannedMount.Copy(
                                "/x", true, true, new OriginalMount("bind", "/etc/x", "")));
        assertThat(plan(file.formatted("false"), FileType.REGULAR).plannedMounts())
                .containsExactly(
                        new PlannedMount.Original("/x", new OriginalMount("bind", "/etc/x", "")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/proc",
                "/sys/fs/cgroup",
                "/dev",
                "/dev/snd",
                "/run",
                "/var/run/",
                "/var/lib/docker",
                "/usr",
                "//",
                "/etc/../"
            })
    void directoriesOfTheMachineAreNotMounted(String source) throws Exception {
        CloneMountPlan plan =
                plan(
                        "[{'Type':'bind','Source':'%s','Destination':'/m','RW':false}]"
                                .formatted(source),
                        FileType.DIRECTORY);
        assertThat(plan.plannedMounts()).isEmpty();
        assertThat(plan.differences())
                .singleElement()
                .asString()
                .startsWith("/m is missing in its clones");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SOCKET", "FIFO", "DEVICE", "SYMLINK", "UNKNOWN"})
    void whatIsNeitherFileNorDirectoryIsNotMountedEvenReadOnly(FileType type) throws Exception {
        CloneMountPlan plan =
                plan("[{'Type':'bind','Source':'/srv/s','Destination':'/s','RW':false}]", type);
        assertThat(plan.plannedMounts()).isEmpty();
        assertThat(plan.differences()).hasSize(1);
    }

    @Test
    void unknownMountTypesAreNotMounted() throws Exception {
        CloneMountPlan plan =
                plan("[{'Type':'cluster','Source':'c','Destination':'/c'}]", FileType.DIRECTORY);
        assertThat(plan.plannedMounts()).isEmpty();
        assertThat(plan.differences())
                .containsExactly(
                        "/c is missing in its clones: mounts of the type cluster are not supported");
    }
}
