package io.github.writeprobe.recommend.propose;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// When settings that prevent writes are proposed.
class SettingChooserTest {
    private static final String KESTREL =
            "set COMPlus_EnableDiagnostics=0; set DOTNET_CLI_TELEMETRY_OPTOUT=1;"
                    + " set DOTNET_EnableDiagnostics=0; tmpfs /tmp 64m 1777 0:0";

    record Case(String name, ContainerFixture fixture) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static ContainerFixture fixture() {
        return ContainerFixture.of("shop/api:1");
    }

    static List<Case> signsOfDotnet() {
        return List.of(
                new Case(
                        "environment DOTNET_",
                        fixture().env("DOTNET_RUNNING_IN_CONTAINER", "true")),
                new Case("environment ASPNETCORE_", fixture().env("ASPNETCORE_HTTP_PORTS", "8080")),
                new Case("label", fixture().label("com.example.framework", "dotnet8")),
                new Case(
                        "label of the image",
                        fixture()
                                .imageLabel(
                                        "org.opencontainers.image.base.name",
                                        "mcr.microsoft.com/dotnet/aspnet:8.0")),
                new Case(
                        "image", ContainerFixture.of("mcr.microsoft.com/dotnet/samples:aspnetapp")),
                new Case(
                        "image in a mirror",
                        ContainerFixture.of("mirror.example:5000/ms/dotnet/runtime:8.0")),
                new Case("command", fixture().command("dotnet", "shop.dll")),
                new Case(
                        "command in a shell",
                        fixture().command("sh", "-c", "exec dotnet shop.dll")),
                new Case(
                        "command behind an init",
                        fixture().command("tini", "--", "/usr/bin/dotnet", "x.dll")),
                new Case(
                        "the runtime",
                        fixture().file("/usr/share/dotnet/host/fxr/8.0.1/libhostfxr.so", 9)),
                new Case("the runtime elsewhere", fixture().file("/usr/lib/dotnet/dotnet", 9)),
                new Case(
                        "files in the working directory",
                        fixture().workingDirectory("/app").file("/app/shop.runtimeconfig.json", 9)),
                new Case(
                        "a program that brings its runtime along",
                        fixture().command("/srv/shop/Shop").file("/srv/shop/Shop.deps.json", 9)),
                new Case("its sockets", fixture().added("/tmp/dotnet-diagnostic-1-345-socket")));
    }

    @ParameterizedTest
    @MethodSource("signsOfDotnet")
    void dotnetIsKnownByAnyOfItsSigns(Case sign) {
        assertThat(sign.fixture().provisions()).isEqualTo(KESTREL);
    }

    @Test
    void andNotByNothing() {
        assertThat(fixture().command("/srv/shop/Shop").workingDirectory("/app").provisions())
                .isEmpty();
    }

    @Test
    void whatASettingSwitchesOffNeedsNoMount() {
        ContainerFixture fixture =
                fixture()
                        .command("java", "-jar", "x.jar")
                        .added("/tmp/hsperfdata_app/1")
                        .added("/run/x.pid");
        assertThat(fixture.provisions())
                .isEqualTo("set JAVA_TOOL_OPTIONS=-XX:-UsePerfData; tmpfs /run 16m 755 0:0");
        assertThat(fixture.evidence())
                .contains("JAVA_TOOL_OPTIONS | diff | /tmp/hsperfdata_app/1 is new")
                .contains("JAVA_TOOL_OPTIONS | known | JVM, matched by command java");
    }

    @Test
    void unlessSomethingElseIsWrittenThereToo() {
        ContainerFixture fixture =
                fixture().added("/tmp/hsperfdata_app/1").added("/tmp/upload_1.tmp");
        assertThat(fixture.provisions())
                .isEqualTo("set JAVA_TOOL_OPTIONS=-XX:-UsePerfData; tmpfs /tmp 64m 1777 0:0");
    }

    @Test
    void aSettingThatNothingWasSeenForIsNotProposed() {
        assertThat(fixture().command("java", "-jar", "x.jar").provisions()).isEmpty();
    }

    @Test
    void noSettingIfTheWriteGoesToAMount() {
        ContainerFixture fixture =
                fixture()
                        .mount(MountKind.TMPFS, "tmpfs", "/tmp")
                        .wrote("java", "/tmp/hsperfdata_a/1");
        assertThat(fixture.provisions()).isEqualTo("keep /tmp used");
    }

    @Test
    void anOptionIsAddedToThoseThatAreThere() {
        ContainerFixture fixture =
                fixture().env("JAVA_TOOL_OPTIONS", "-Xmx1g -Dx=y").added("/tmp/hsperfdata_app/1");
        assertThat(fixture.provisions())
                .isEqualTo("set JAVA_TOOL_OPTIONS=-Xmx1g -Dx=y -XX:-UsePerfData");
    }

    @Test
    void whatIsSetAlreadyIsNotSetAgain() {
        ContainerFixture fixture =
                fixture()
                        .env("DOTNET_EnableDiagnostics", "0")
                        .env("COMPlus_EnableDiagnostics", "0")
                        .env("DOTNET_CLI_TELEMETRY_OPTOUT", "1");
        assertThat(fixture.provisions()).isEqualTo("tmpfs /tmp 64m 1777 0:0");
    }

    @Test
    void whatAUserSetOtherwiseIsKeptAndNoted() {
        ContainerFixture fixture = fixture().env("DOTNET_EnableDiagnostics", "1");
        assertThat(fixture.provisions()).doesNotContain("DOTNET_EnableDiagnostics=0");
        assertThat(fixture.notes())
                .contains("DOTNET_EnableDiagnostics is set to another value than 0");
    }

    @Test
    void equivalentSettingCountsAsSet() {
        for (ContainerFixture fixture :
                List.of(
                        fixture().env("JAVA_TOOL_OPTIONS", "-XX:+PerfDisableSharedMem"),
                        fixture().command("java", "-XX:-UsePerfData", "-jar", "x.jar"),
                        fixture().command("sh", "-c", "java -XX:-UsePerfData -jar x.jar"))) {
            assertThat(fixture.added("/tmp/hsperfdata_app/1").provisions())
                    .isEqualTo("tmpfs /tmp 64m 1777 0:0");
        }
    }

    @Test
    void whatACloneWroteInSpiteOfItIsProvidedFor() {
        ContainerFixture fixture =
                fixture().added("/tmp/hsperfdata_app/1").missed("/tmp/hsperfdata_app/2");
        assertThat(fixture.provisions()).contains("tmpfs /tmp ");
    }

    @Test
    void itsCostIsStated() {
        Setting setting =
                fixture().env("DOTNET_X", "1").proposal().provisions().stream()
                        .filter(Setting.class::isInstance)
                        .map(Setting.class::cast)
                        .filter(s -> s.variable().equals("DOTNET_EnableDiagnostics"))
                        .findFirst()
                        .orElseThrow();
        assertThat(setting.cost()).contains("dotnet-trace", "can no longer attach");
    }

    @Test
    void aValueIsNeverRepeated() {
        ContainerFixture fixture = fixture().env("ASPNETCORE_ConnectionString", "s3cret");
        assertThat(fixture.evidence() + fixture.notes()).doesNotContain("s3cret");
    }
}
