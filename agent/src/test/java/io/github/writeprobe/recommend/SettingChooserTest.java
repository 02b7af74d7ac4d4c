package io.github.writeprobe.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.recommend.Provision.Setting;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Settings that switch writes off: when they are proposed, and when not.
class SettingChooserTest {
    private static final String KESTREL =
            "set COMPlus_EnableDiagnostics=0; set DOTNET_CLI_TELEMETRY_OPTOUT=1;"
                    + " set DOTNET_EnableDiagnostics=0; tmpfs /tmp 64m 1777 0:0";

    record Case(String name, Scene scene) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Scene scene() {
        return Scene.of("shop/api:1");
    }

    static List<Case> signsOfDotnet() {
        return List.of(
                new Case("environment DOTNET_", scene().env("DOTNET_RUNNING_IN_CONTAINER", "true")),
                new Case("environment ASPNETCORE_", scene().env("ASPNETCORE_HTTP_PORTS", "8080")),
                new Case("label", scene().label("com.example.framework", "dotnet8")),
                new Case(
                        "label of the image",
                        scene().imageLabel(
                                        "org.opencontainers.image.base.name",
                                        "mcr.microsoft.com/dotnet/aspnet:8.0")),
                new Case("image", Scene.of("mcr.microsoft.com/dotnet/samples:aspnetapp")),
                new Case(
                        "image in a mirror", Scene.of("mirror.example:5000/ms/dotnet/runtime:8.0")),
                new Case("command", scene().command("dotnet", "shop.dll")),
                new Case("command in a shell", scene().command("sh", "-c", "exec dotnet shop.dll")),
                new Case(
                        "command behind an init",
                        scene().command("tini", "--", "/usr/bin/dotnet", "x.dll")),
                new Case(
                        "the runtime",
                        scene().file("/usr/share/dotnet/host/fxr/8.0.1/libhostfxr.so", 9)),
                new Case("the runtime elsewhere", scene().file("/usr/lib/dotnet/dotnet", 9)),
                new Case(
                        "files in the working directory",
                        scene().in("/app").file("/app/shop.runtimeconfig.json", 9)),
                new Case(
                        "a program that brings its runtime along",
                        scene().command("/srv/shop/Shop").file("/srv/shop/Shop.deps.json", 9)),
                new Case("its sockets", scene().added("/tmp/dotnet-diagnostic-1-345-socket")));
    }

    @ParameterizedTest
    @MethodSource("signsOfDotnet")
    void dotnetIsKnownByAnyOfItsSigns(Case sign) {
        assertThat(sign.scene().provisions()).isEqualTo(KESTREL);
    }

    @Test
    void andNotByNothing() {
        assertThat(scene().command("/srv/shop/Shop").in("/app").provisions()).isEmpty();
    }

    @Test
    void whatASettingSwitchesOffNeedsNoMount() {
        Scene scene =
                scene().command("java", "-jar", "x.jar")
                        .added("/tmp/hsperfdata_app/1")
                        .added("/run/x.pid");
        assertThat(scene.provisions())
                .isEqualTo("set JAVA_TOOL_OPTIONS=-XX:-UsePerfData; tmpfs /run 16m 755 0:0");
        assertThat(scene.evidence())
                .contains("JAVA_TOOL_OPTIONS | docker diff | /tmp/hsperfdata_app/1 is new")
                .contains("JAVA_TOOL_OPTIONS | known | JVM, by its command java");
    }

    @Test
    void unlessSomethingElseIsWrittenThereToo() {
        Scene scene = scene().added("/tmp/hsperfdata_app/1").added("/tmp/upload_1.tmp");
        assertThat(scene.provisions())
                .isEqualTo("set JAVA_TOOL_OPTIONS=-XX:-UsePerfData; tmpfs /tmp 64m 1777 0:0");
    }

    @Test
    void aSettingThatNothingWasSeenForIsNotProposed() {
        assertThat(scene().command("java", "-jar", "x.jar").provisions()).isEmpty();
    }

    @Test
    void norWhereTheWriteGoesToAMount() {
        Scene scene =
                scene().mount(MountKind.TMPFS, "tmpfs", "/tmp")
                        .wrote("java", "/tmp/hsperfdata_a/1");
        assertThat(scene.provisions()).isEqualTo("keep /tmp used");
    }

    @Test
    void aWordIsAddedToWhatIsThere() {
        Scene scene =
                scene().env("JAVA_TOOL_OPTIONS", "-Xmx1g -Dx=y").added("/tmp/hsperfdata_app/1");
        assertThat(scene.provisions())
                .isEqualTo("set JAVA_TOOL_OPTIONS=-Xmx1g -Dx=y -XX:-UsePerfData");
    }

    @Test
    void whatIsSetAlreadyIsNotSetAgain() {
        Scene scene =
                scene().env("DOTNET_EnableDiagnostics", "0")
                        .env("COMPlus_EnableDiagnostics", "0")
                        .env("DOTNET_CLI_TELEMETRY_OPTOUT", "1");
        assertThat(scene.provisions()).isEqualTo("tmpfs /tmp 64m 1777 0:0");
    }

    @Test
    void whatAUserSetOtherwiseIsLeftAndSaid() {
        Scene scene = scene().env("DOTNET_EnableDiagnostics", "1");
        assertThat(scene.provisions()).doesNotContain("DOTNET_EnableDiagnostics=0");
        assertThat(scene.notes())
                .contains("DOTNET_EnableDiagnostics is set to another value than 0");
    }

    @Test
    void whatDoesTheSameIsAsGood() {
        for (Scene scene :
                List.of(
                        scene().env("JAVA_TOOL_OPTIONS", "-XX:+PerfDisableSharedMem"),
                        scene().command("java", "-XX:-UsePerfData", "-jar", "x.jar"),
                        scene().command("sh", "-c", "java -XX:-UsePerfData -jar x.jar"))) {
            assertThat(scene.added("/tmp/hsperfdata_app/1").provisions())
                    .isEqualTo("tmpfs /tmp 64m 1777 0:0");
        }
    }

    @Test
    void whatACloneWroteInSpiteOfItIsProvidedFor() {
        Scene scene = scene().added("/tmp/hsperfdata_app/1").missed("/tmp/hsperfdata_app/2");
        assertThat(scene.provisions()).contains("tmpfs /tmp ");
    }

    @Test
    void whatItCostsIsSaid() {
        Setting setting =
                scene().env("DOTNET_X", "1").proposal().provisions().stream()
                        .filter(Setting.class::isInstance)
                        .map(Setting.class::cast)
                        .filter(s -> s.variable().equals("DOTNET_EnableDiagnostics"))
                        .findFirst()
                        .orElseThrow();
        assertThat(setting.cost()).contains("dotnet-trace", "no longer attach");
    }

    @Test
    void aValueIsNeverRepeated() {
        Scene scene = scene().env("ASPNETCORE_ConnectionString", "s3cret");
        assertThat(scene.evidence() + scene.notes()).doesNotContain("s3cret");
    }
}
