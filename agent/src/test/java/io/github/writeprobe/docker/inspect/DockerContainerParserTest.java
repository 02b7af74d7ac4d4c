package io.github.writeprobe.docker.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.docker.transport.JsonObjectStreamReader;
import io.github.writeprobe.engine.Engine.ContainerState;
import io.github.writeprobe.engine.Engine.Inspected;
import io.github.writeprobe.engine.Engine.Listed;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.ExcludedContainer;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.TypeSpecificMountOptions;
import io.github.writeprobe.model.TypeSpecificMountOptions.BindRecursion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerContainerParserTest {
    private static JsonNode json(String text) throws Exception {
        return new JsonMapper().readTree(text.replace('\'', '"'));
    }

    private static ContainerInspectResponse inspection(String text) throws Exception {
        return new ContainerInspectResponse("x", json(text), Instant.EPOCH);
    }

    private static Optional<Listed> listed(String text) throws Exception {
        return DockerContainerParser.parseListed(
                new JsonObjectStreamReader.Element(json(text), true), Instant.EPOCH);
    }

    private static Inspected inspected(String text) throws Exception {
        return DockerContainerParser.parseInspected(inspection(text), "unix:///e", Optional.empty())
                .orElseThrow();
    }

    @Test
    void aContainerWithNothingButAnIdDeclaresNothing() throws Exception {
        Inspected inspected = inspected("{'Id':'abc'}");
        assertThat(inspected.running()).isFalse();
        assertThat(inspected.container().mounts()).isEmpty();
        assertThat(inspected.container().readonlyRootfs()).isFalse();
        assertThat(inspected.container().capabilities()).hasSize(14);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'Id':'abc','Mounts':7,'HostConfig':[],'Config':'x','State':null,'Name':{}}",
                "{'Id':'abc','Mounts':[7,null,{}],'HostConfig':{'CapAdd':'x','CapDrop':[1,null],'Tmpfs':[1],'Mounts':{'a':1},'Init':'x'}}",
                "{'Id':'abc','Config':{'Labels':['x'],'User':null,'Image':[]}}"
            })
    void aFieldOfAnotherTypeCountsAsEmpty(String text) throws Exception {
        assertThat(inspected(text).container().mounts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "7", "null", "{'Id':7}", "{'Id':'../x'}", "{'Id':''}"})
    void withoutAnIdThereIsNoContainer(String text) throws Exception {
        assertThat(listed(text)).isEmpty();
        assertThat(DockerContainerParser.parseInspected(inspection(text), "e", Optional.empty()))
                .isEmpty();
    }

    private static TypeSpecificMountOptions details(boolean image, String... unknown) {
        return new TypeSpecificMountOptions(
                image, "", false, BindRecursion.DEFAULT, "", List.of(unknown));
    }

    /// As Docker 28.5 answers, with a field that no engine has yet.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'Type':'volume','Name':'v','Destination':'/x','Mode':'z','RW':true} | {'Type':'volume','Source':'v','Target':'/x','VolumeOptions':{'Subpath':'sub','DriverConfig':{},'Labels':{'a':'b'}}} | subpath=sub",
                "{'Type':'volume','Name':'v','Destination':'/x','Mode':'z','RW':true} | {'Type':'volume','Source':'v','Target':'/x','VolumeOptions':{'NoCopy':true}} | noCopy=true",
                "{'Type':'volume','Name':'v','Destination':'/x','Mode':'nocopy','RW':true} | | noCopy=true",
                "{'Type':'bind','Source':'/v','Destination':'/x','Mode':'Z,ro,rprivate'} | | relabel=Z",
                "{'Type':'volume','Name':'v','Destination':'/x','Mode':'z'} | | 'relabel=, unknown=[]'",
                "{'Type':'bind','Source':'/v','Destination':'/x'} | {'Type':'bind','Target':'/x/','BindOptions':{'NonRecursive':true,'CreateMountpoint':true}} | recursion=DISABLED",
                "{'Type':'bind','Source':'/v','Destination':'/x'} | {'Type':'bind','Target':'/x','BindOptions':{'ReadOnlyNonRecursive':true}} | recursion=WRITABLE",
                "{'Type':'bind','Source':'/v','Destination':'/x'} | {'Type':'bind','Target':'/x','BindOptions':{'ReadOnlyForceRecursive':true}} | recursion=READ_ONLY",
                "{'Type':'image','Name':'a:1','Source':'/var/x','Destination':'/x'} | {'Type':'image','Source':'a:1','Target':'/x','ImageOptions':{'Subpath':'srv'}} | image=true, subpath=srv",
                "{'Type':'bind','Source':'/v','Destination':'/x','Mode':'U,idmap=uids'} | | unknown=[option U, option idmap=uids]",
                "{'Type':'volume','Name':'v','Destination':'/x','IDMap':'7'} | {'Type':'volume','Target':'/x','Consistency':'cached','VolumeOptions':{'Snapshot':{'Every':'day','Keep':0}}} | unknown=[IDMap=7, VolumeOptions.Snapshot.Every=day]",
            })
    void whatIsDeclaredOfAMountIsReadOrReportedAsUnknown(
            String mount, @Nullable String request, String expected) throws Exception {
        DeclaredMount read =
                inspected(
                                "{'Id':'abc','Mounts':[%s],'HostConfig':{'Mounts':[%s]}}"
                                        .formatted(mount, request == null ? "" : request))
                        .container()
                        .mounts()
                        .getFirst();
        assertThat(read.details().toString()).contains(expected);
        assertThat(read.source()).isIn("v", "/v", "a:1");
    }

    @Test
    void everyKindOfMountIsRead() throws Exception {
        assertThat(
                        inspected(
                                        """
                                        {'Id':'abc','Mounts':[
                                        {'Type':'bind','Source':'/srv','Destination':'/srv//x/','RW':false,'Propagation':'rslave'},
                                        {'Type':'volume','Name':'v','Source':'/var/lib/v','Destination':'/v','RW':true,'Propagation':''},
                                        {'Type':'tmpfs','Destination':'/t1','RW':true},
                                        {'Type':'image','Source':'/img','Destination':'/i','RW':false},
                                        {'Type':'cluster','Source':'c','Destination':'/c','RW':true},
                                        {'Type':'npipe','Source':'p','Destination':'/p','RW':true},
                                        {'Type':'novelty','Name':'n','Destination':'/n','RW':true}],
                                        'HostConfig':{
                                        'Tmpfs':{'/t2/':'size=1m,ro','/t3':'ro,rw','/t4':'','/t5':'mode=0700,errors=ro'},
                                        'Mounts':[{'Type':'tmpfs','Target':'/t1','ReadOnly':true,'TmpfsOptions':{'SizeBytes':4096,'Mode':448}},
                                        {'Type':'volume','Target':'/v'}]}}\
                                        """)
                                .container()
                                .mounts())
                .containsExactlyInAnyOrder(
                        new DeclaredMount("/srv/x", MountKind.BIND, "/srv", false, "rslave", ""),
                        new DeclaredMount("/v", MountKind.VOLUME, "v", true, "", ""),
                        new DeclaredMount(
                                "/t1",
                                MountKind.TMPFS,
                                "tmpfs",
                                false,
                                "",
                                "ro,size=4096,mode=700"),
                        new DeclaredMount(
                                "/i", MountKind.VOLUME, "/img", false, "", "", details(true)),
                        new DeclaredMount(
                                "/c",
                                MountKind.VOLUME,
                                "c",
                                true,
                                "",
                                "",
                                details(false, "type cluster")),
                        new DeclaredMount(
                                "/p",
                                MountKind.BIND,
                                "p",
                                true,
                                "",
                                "",
                                details(false, "type npipe")),
                        new DeclaredMount(
                                "/n",
                                MountKind.VOLUME,
                                "n",
                                true,
                                "",
                                "",
                                details(false, "type novelty")),
                        new DeclaredMount("/t2", MountKind.TMPFS, "tmpfs", false, "", "size=1m,ro"),
                        new DeclaredMount("/t3", MountKind.TMPFS, "tmpfs", true, "", "ro,rw"),
                        new DeclaredMount("/t4", MountKind.TMPFS, "tmpfs", true, "", ""),
                        new DeclaredMount(
                                "/t5", MountKind.TMPFS, "tmpfs", true, "", "mode=0700,errors=ro"));
    }

    /// As Podman 5.8 reports `--mount type=image,…`, with `rw=true` and without, and `-v DIR:/o:O`.
    @Test
    void podmansOwnOverlaysAreNoDirectoriesOfTheHost() throws Exception {
        String overlay =
                "/var/lib/containers/storage/overlay-containers/"
                        + "0123456789abcdef".repeat(4)
                        + "/userdata/overlay/2258870784/merge";
        assertThat(
                        inspected(
                                        """
                                        {'Id':'abc','Mounts':[
                                        {'Type':'image','Source':'bb:1','Destination':'/i','RW':false},
                                        {'Type':'bind','Source':'OVERLAY','Destination':'/i','RW':true},
                                        {'Type':'bind','Source':'OVERLAY','Destination':'/w','RW':true},
                                        {'Type':'image','Source':'bb:1','Destination':'/w','RW':true},
                                        {'Type':'bind','Source':'OVERLAY','Destination':'/o','RW':true}]}\
                                        """
                                                .replace("OVERLAY", overlay))
                                .container()
                                .mounts())
                .containsExactlyInAnyOrder(
                        new DeclaredMount(
                                "/i", MountKind.VOLUME, "bb:1", false, "", "", details(true)),
                        new DeclaredMount(
                                "/w", MountKind.VOLUME, "bb:1", true, "", "", details(true)),
                        new DeclaredMount("/o", MountKind.VOLUME, overlay, true, "", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "true,  false, false, true",
        "true,  true,  false, true",
        "false, true,  false, true",
        "true,  false, true,  false",
        "false, false, false, false"
    })
    void aContainerRunsIfItHasProcesses(
            boolean running, boolean paused, boolean restarting, boolean expected)
            throws Exception {
        assertThat(
                        inspected(
                                        "{'Id':'a','State':{'Running':%s,'Paused':%s,'Restarting':%s}}"
                                                .formatted(running, paused, restarting))
                                .running())
                .isEqualTo(expected);
    }

    @Test
    void aListedContainersOwnNameIsNotALinksAlias() throws Exception {
        assertThat(
                        listed(
                                "{'Id':'abc','Names':['/web/db','/db'],'Mounts':[{'Type':'bind','Source':'/srv'},{'Type':'volume','Name':'v','Source':'/x'},{'Type':'tmpfs','Source':''},{'Type':'bind','Source':'/srv'}]}"))
                .contains(
                        new Listed(
                                "abc",
                                "db",
                                ContainerState.RUNNING,
                                Optional.empty(),
                                List.of("/srv", "v")));
    }

    @ParameterizedTest
    @CsvSource({
        "podsandbox, /k8s_POD_web_shop_1_0,  '',                                 true",
        "podsandbox, /web,                   '',                                 false",
        "container,  /k8s_POD_web_shop_1_0,  '',                                 false",
        "podsandbox, /k8s_POD_web_shop_1_0,  {'Type':'bind';'Source':'/'},       false",
        "podsandbox, /k8s_POD_web_shop_1_0,  {'Type':'volume';'Name':'v'},       false",
        "podsandbox, /k8s_POD_web_shop_1_0,  {'Type':'tmpfs';'Destination':'/t'}, true"
    })
    void aPauseContainerHasTheLabelAndTheNameAndMountsNothing(
            String type, String name, String mount, boolean pause) throws Exception {
        String labels = "{'io.kubernetes.docker.type':'" + type + "'}";
        String mounts = "[" + mount.replace(';', ',') + "]";
        assertThat(
                        listed(
                                        "{'Id':'a','Names':['%s'],'Labels':%s,'Mounts':%s}"
                                                .formatted(name, labels, mounts))
                                .orElseThrow()
                                .possibleExclusion())
                .isEqualTo(
                        pause
                                ? Optional.of(ExcludedContainer.Reason.POD_SANDBOX)
                                : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "'Image':'','Command':''                                           | true",
                "'Image':'localhost/podman-pause:4.3.1-0','Command':''             | true",
                "'Image':'','Command':'','Mounts':[{'Type':'bind','Source':'/'}]   | false",
                "'Image':'','Command':'sleep 1'                                    | false",
                "'Image':'web','Command':''                                        | false",
                "'Command':''                                                      | false"
            })
    void anInfraContainerIsListedWithoutAnImageOrWithPodmansOwn(String entry, boolean infra)
            throws Exception {
        assertThat(
                        listed("{'Id':'a','Names':['/web'],%s}".formatted(entry))
                                .orElseThrow()
                                .possibleExclusion()
                                .isPresent())
                .isEqualTo(infra);
    }

    @Test
    void capabilitiesAreComputedAsTheEngineDoes() {
        assertThat(
                        DeclaredCapabilities.effective(
                                false, List.of("cap_sys_admin"), List.of("CHOWN")))
                .contains("SYS_ADMIN", "KILL")
                .doesNotContain("CHOWN")
                .hasSize(14);
        assertThat(DeclaredCapabilities.effective(false, List.of("NET_ADMIN"), List.of("all")))
                .isEqualTo(Set.of("NET_ADMIN"));
        assertThat(DeclaredCapabilities.effective(false, List.of("ALL"), List.of("CAP_SYS_ADMIN")))
                .doesNotContain("SYS_ADMIN")
                .hasSize(40);
        assertThat(DeclaredCapabilities.effective(true, List.of(), List.of("ALL"))).hasSize(41);
        assertThat(DeclaredCapabilities.effective(false, List.of("chown"), List.of("CHOWN")))
                .hasSize(14);
    }
}
