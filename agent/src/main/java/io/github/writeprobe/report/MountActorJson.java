package io.github.writeprobe.report;

import io.github.writeprobe.model.MountActor;
import io.github.writeprobe.probes.trace.Caller;
import io.github.writeprobe.probes.trace.ChangeMaker;
import io.github.writeprobe.probes.trace.MountCall;
import io.github.writeprobe.probes.trace.ProcessIdentity;
import io.github.writeprobe.probes.trace.ProcessOrigin;
import io.github.writeprobe.text.AsciiJsonWriter;
import java.io.IOException;
import java.util.List;

/// Who changed the mounts of a container, for programs.
final class MountActorJson {
    private MountActorJson() {}

    static void write(MountActor actor, AsciiJsonWriter json) throws IOException {
        json.text("text", actor.line());
        json.text("origin", actor.origin().label());
        switch (actor.maker()) {
            case ChangeMaker.NotKnown(String reason) -> {
                json.text("notKnown", reason);
                json.objects("calls", List.<MountCall>of(), _ -> {});
            }
            case ChangeMaker.MadeBy made -> {
                json.textIfAny("doubt", made.doubt().orElse(""));
                json.bool("otherMountNamespace", made.fromElsewhere());
                json.number("moreCalls", made.more());
                json.objects("calls", made.calls(), call -> call(actor, call, json));
            }
        }
    }

    private static void call(MountActor actor, MountCall call, AsciiJsonWriter json)
            throws IOException {
        json.text("call", call.call().label());
        json.text("flags", "0x" + Long.toHexString(call.flags()));
        json.text("at", call.at().toString());
        json.text("origin", actor.originOf(call).label());
        json.number("pid", call.caller().pid());
        if (call.caller() instanceof Caller.Seen(var process, var namespace, var ancestors)) {
            process(process, json);
            if (process.uid().isPresent()) {
                json.number("uid", Integer.toUnsignedLong(process.uid().get()));
            }
            json.texts("arguments", process.arguments());
            json.textIfAny("mountNamespace", namespace.orElse(""));
            json.objects(
                    "startedBy",
                    ancestors,
                    ancestor -> {
                        json.number("pid", ancestor.pid());
                        process(ancestor, json);
                    });
        }
    }

    /// The arguments of ancestors are left out: they say less, and may have secrets.
    private static void process(ProcessIdentity process, AsciiJsonWriter json) throws IOException {
        json.text("command", process.command());
        json.textIfAny("executable", process.executable().orElse(""));
        if (process.origin() instanceof ProcessOrigin.InContainer(String id)) {
            json.text("container", id);
        }
    }
}
