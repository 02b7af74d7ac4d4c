package io.github.writeprobe.recommend.format;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.TypeSpecificMountOptions;
import io.github.writeprobe.recommend.Recommendation;
import io.github.writeprobe.recommend.observe.WriteEvidenceGap;
import io.github.writeprobe.recommend.propose.Proposal;
import io.github.writeprobe.recommend.propose.ProposalItem;
import io.github.writeprobe.recommend.propose.ProposalItem.Kept;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import io.github.writeprobe.recommend.propose.ProposalItemEvidence;
import io.github.writeprobe.recommend.prove.ProofCoverage;
import io.github.writeprobe.recommend.prove.ProofCoverage.RareEvent;
import io.github.writeprobe.recommend.prove.ProofCoverage.Written;
import io.github.writeprobe.recommend.prove.ProofResult;
import io.github.writeprobe.text.AsciiJsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/// JSON for programs, described by `config/proposal.schema.json`. Untrusted texts are exact, except
/// that a lone surrogate becomes U+FFFD.
public final class ProposalJsonFormat implements ProposalFormat {
    private static final String SCHEMA = "writeprobe/proposal/v1";

    private final String toolVersion;

    public ProposalJsonFormat(String toolVersion) {
        this.toolVersion = requireNonNull(toolVersion);
    }

    @Override
    public void write(List<Recommendation> recommendations, Writer out) throws IOException {
        AsciiJsonWriter.write(
                out,
                json -> {
                    json.text("schema", SCHEMA);
                    json.object(
                            "tool",
                            tool -> {
                                tool.text("name", "writeprobe");
                                tool.text("version", toolVersion);
                            });
                    json.objects("proposals", recommendations, r -> writeRecommendation(r, json));
                });
    }

    private static void writeRecommendation(Recommendation recommendation, AsciiJsonWriter json)
            throws IOException {
        Proposal proposal = recommendation.proposal();
        json.object("container", c -> writeContainer(proposal.subject().container(), c));
        json.bool("readOnly", true);
        json.objects("provisions", proposal.provisions(), p -> writeProvision(p, json));
        json.texts("notes", proposal.notes());
        json.seconds("watchedSeconds", proposal.watched());
        json.objects("shortfalls", proposal.shortfalls(), s -> writeShortfall(s, json));
        if (recommendation.proof().isPresent()) {
            json.object("proof", p -> writeProof(recommendation.proof().get(), p));
        } else {
            json.nullValue("proof");
        }
    }

    private static void writeContainer(Container container, AsciiJsonWriter json)
            throws IOException {
        json.text("id", container.id());
        json.text("name", container.name());
        json.text("image", container.image());
        json.text("engine", container.engine());
        json.textIfAny("composeProject", container.workload().composeProject());
        json.textIfAny("composeService", container.workload().composeService());
        json.textIfAny("swarmService", container.workload().swarmService());
        json.textIfAny("namespace", container.workload().namespace());
        json.textIfAny("pod", container.workload().pod());
    }

    private static void writeProvision(ProposalItem provision, AsciiJsonWriter json)
            throws IOException {
        switch (provision) {
            case Kept kept -> {
                DeclaredMount mount = kept.mount();
                json.text("kind", "kept");
                json.text("path", mount.destination());
                json.text("mount", mount.kind().label());
                json.text("source", mount.source());
                json.bool("writable", mount.writable());
                writeDetails(mount, json);
                json.bool("used", kept.used());
            }
            case Setting setting -> {
                json.text("kind", "setting");
                json.text("variable", setting.variable());
                json.text("value", setting.value());
                json.textIfAny("cost", setting.cost());
            }
            case Tmpfs tmpfs -> {
                json.text("kind", "tmpfs");
                json.text("path", tmpfs.path());
                json.number("bytes", tmpfs.bytes());
                writeOwner(tmpfs.mode(), tmpfs.uid(), tmpfs.gid(), json);
                json.bool("execute", tmpfs.execute());
            }
            case Volume volume -> {
                json.text("kind", "volume");
                json.text("path", volume.path());
                json.text("name", volume.name());
                json.bool("certain", volume.certain());
                json.bool("filled", volume.filled());
                writeOwner(volume.mode(), volume.uid(), volume.gid(), json);
            }
        }
        writeEvidence(provision.evidence(), json);
    }

    private static void writeDetails(DeclaredMount mount, AsciiJsonWriter json) throws IOException {
        TypeSpecificMountOptions details = mount.details();
        json.textIfAny("options", mount.options());
        json.textIfAny("propagation", mount.propagation());
        if (details.image()) {
            json.bool("image", true);
        }
        json.textIfAny("subpath", details.subpath());
        if (details.noCopy()) {
            json.bool("noCopy", true);
        }
        if (details.recursion() != TypeSpecificMountOptions.BindRecursion.DEFAULT) {
            json.text("recursive", details.recursion().label());
        }
        json.textIfAny("relabel", details.relabel());
        if (!details.unknown().isEmpty()) {
            json.texts("unknown", details.unknown());
        }
    }

    private static void writeOwner(int mode, long uid, long gid, AsciiJsonWriter json)
            throws IOException {
        json.text("mode", String.format(Locale.ROOT, "%04o", mode));
        json.number("uid", uid);
        json.number("gid", gid);
    }

    private static void writeEvidence(List<ProposalItemEvidence> all, AsciiJsonWriter json)
            throws IOException {
        json.objects(
                "evidence",
                all,
                e -> {
                    json.text("source", e.source().label());
                    json.text("text", e.text());
                });
    }

    private static void writeShortfall(WriteEvidenceGap shortfall, AsciiJsonWriter json)
            throws IOException {
        json.text("source", shortfall.source().label());
        json.text("why", shortfall.reason());
        json.text("cost", shortfall.cost());
    }

    private static void writeCoverage(ProofCoverage coverage, AsciiJsonWriter json)
            throws IOException {
        json.objects(
                "phases",
                coverage.phases(),
                phase -> {
                    json.text("phase", id(phase.name()));
                    json.seconds("seconds", phase.duration());
                    switch (phase.written()) {
                        case Written.Paths(List<String> first, int total) -> {
                            json.texts("written", first);
                            json.number("writtenTotal", total);
                        }
                        case Written.Unknown(String reason) -> json.text("unknown", reason);
                    }
                });
        json.objects(
                "seen",
                Arrays.stream(RareEvent.values()).filter(coverage.seen()::containsKey).toList(),
                event -> {
                    json.text("event", id(event));
                    json.text("evidence", coverage.seen().getOrDefault(event, ""));
                });
        json.texts("neverSeen", coverage.neverSeen().stream().map(ProposalJsonFormat::id).toList());
    }

    private static String id(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void writeProof(ProofResult proof, AsciiJsonWriter json) throws IOException {
        json.text("outcome", proof.outcome().label());
        json.text("reason", proof.reason());
        json.text("exercise", id(proof.exercise()));
        json.seconds("exercisedSeconds", proof.exercised());
        if (proof.coverage().isPresent()) {
            json.object("coverage", c -> writeCoverage(proof.coverage().get(), c));
        } else {
            json.nullValue("coverage");
        }
        json.objects(
                "missed",
                proof.missed(),
                w -> {
                    json.text("path", w.path());
                    json.number("bytes", w.bytes());
                    json.texts("by", new TreeSet<>(w.writers()));
                });
        json.texts("log", proof.log());
        json.texts("differences", proof.differences());
    }
}
