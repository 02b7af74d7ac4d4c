package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.config.KnownImagesReader;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.known.KnownImages;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalInput;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.WriteEvidenceGap;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A container with its files, and what was observed about it.
public final class ContainerFixture {
    public static final KnownImages SHIPPED = KnownImagesReader.builtIn();

    private final FakeFiles files = new FakeFiles();
    private final List<FileChange> changes = new ArrayList<>();
    private final List<WrittenFile> written = new ArrayList<>();
    private final List<WrittenFile> missed = new ArrayList<>();
    private final List<DeclaredMount> mounts = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<String, String> labels = new TreeMap<>();
    private final Map<String, String> imageLabels = new TreeMap<>();
    private final Set<String> volumes = new TreeSet<>();
    private final List<WriteEvidenceGap> shortfalls = new ArrayList<>();
    private final String image;
    private String name = "web";
    private List<String> command = List.of();
    private String workingDirectory = "";
    private boolean readonly;
    private long uid;
    private long gid;
    private Duration watched = Duration.ZERO;
    private ProposalTarget.State state = ProposalTarget.State.UNKNOWN;

    private ContainerFixture(String image) {
        this.image = image;
        directory("/tmp", 01777, 0, 0);
        directory("/var/tmp", 01777, 0, 0);
        directory("/run", 0755, 0, 0);
        directory("/run/lock", 01777, 0, 0);
        directory("/srv", 0755, 0, 0);
        directory("/var/log", 0755, 0, 0);
    }

    /// A program that nothing is known about.
    static ContainerFixture app() {
        return of("example/app:1").command("/opt/app");
    }

    /// With the directories that every distribution has.
    public static ContainerFixture of(String image) {
        return new ContainerFixture(image);
    }

    public ContainerFixture named(String name) {
        this.name = name;
        return this;
    }

    /// The image has a directory.
    public ContainerFixture directory(String path, int mode, long uid, long gid) {
        files.put(path, FileType.DIRECTORY, mode, uid, gid, 0, "");
        return this;
    }

    /// The image has a file.
    public ContainerFixture file(String path, long bytes) {
        files.put(path, FileType.REGULAR, 0644, 0, 0, bytes, "");
        return this;
    }

    public ContainerFixture link(String path, String target) {
        files.put(path, FileType.SYMLINK, 0777, 0, 0, 0, target);
        return this;
    }

    /// `docker diff` lists the path, and its parent directories as changed or added.
    public ContainerFixture added(String path, FileType type, long uid, long bytes) {
        addParents(path);
        changes.add(new FileChange(FileChange.Kind.ADDED, path));
        files.put(path, type, type == FileType.DIRECTORY ? 0700 : 0644, uid, uid, bytes, "");
        return this;
    }

    public ContainerFixture added(String path) {
        return added(path, FileType.REGULAR, uid, 100);
    }

    public ContainerFixture addedDirectory(String path) {
        return added(path, FileType.DIRECTORY, uid, 0);
    }

    /// The owner and mode of a directory that was added.
    ContainerFixture addedAs(String path, int mode, long owner) {
        addParents(path + "/x");
        files.put(path, FileType.DIRECTORY, mode, owner, owner, 0, "");
        return this;
    }

    public ContainerFixture changed(String path) {
        addParents(path);
        changes.add(new FileChange(FileChange.Kind.CHANGED, path));
        return this;
    }

    /// Something was created in a directory and removed.
    ContainerFixture touched(String directory) {
        addParents(directory + "/x");
        return this;
    }

    ContainerFixture touched(String directory, Instant at) {
        touched(directory);
        files.modify(directory, at);
        return this;
    }

    public ContainerFixture deleted(String path) {
        addParents(path);
        changes.add(new FileChange(FileChange.Kind.DELETED, path));
        return this;
    }

    private void addParents(String path) {
        for (String at : PathStrings.withAncestors(PathStrings.parent(path))) {
            if (!at.equals("/")) {
                boolean known = changes.stream().anyMatch(c -> c.path().equals(at));
                boolean exists = files.file(at).isPresent();
                if (!known) {
                    changes.add(
                            new FileChange(
                                    exists ? FileChange.Kind.CHANGED : FileChange.Kind.ADDED, at));
                }
            }
        }
    }

    /// A process wrote the path during the watch.
    public ContainerFixture wrote(String by, String path) {
        return wrote(by, path, 1000, false);
    }

    public ContainerFixture wrote(String by, String path, long bytes, boolean executed) {
        boolean exists = files.file(path).isPresent();
        written.add(
                new WrittenFile(
                        path,
                        exists ? FileType.REGULAR : FileType.UNKNOWN,
                        !exists,
                        false,
                        3,
                        bytes,
                        executed,
                        Set.of(by)));
        watched = watched.isZero() ? Duration.ofMinutes(10) : watched;
        return this;
    }

    public ContainerFixture openForWriting(String by, String path, boolean gone) {
        written.add(new WrittenFile(path, FileType.REGULAR, gone, true, 0, 10, false, Set.of(by)));
        return this;
    }

    /// The file was executed, no source saw it written, and it no longer exists.
    public ContainerFixture ran(String path) {
        written.add(new WrittenFile(path, FileType.REGULAR, true, false, 0, 0, true, Set.of()));
        return this;
    }

    public ContainerFixture missed(String path) {
        missed.add(new WrittenFile(path, FileType.REGULAR, false, false, 1, 10, false, Set.of()));
        return this;
    }

    public ContainerFixture mount(MountKind kind, String source, String destination) {
        mounts.add(new DeclaredMount(destination, kind, source, true, "", ""));
        return this;
    }

    public ContainerFixture mount(DeclaredMount mount) {
        mounts.add(mount);
        return this;
    }

    public ContainerFixture readOnlyMount(String source, String destination) {
        mounts.add(new DeclaredMount(destination, MountKind.BIND, source, false, "", ""));
        return this;
    }

    public ContainerFixture env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public ContainerFixture label(String name, String value) {
        labels.put(name, value);
        return this;
    }

    public ContainerFixture imageLabel(String name, String value) {
        imageLabels.put(name, value);
        return this;
    }

    public ContainerFixture volume(String path) {
        volumes.add(path);
        return this;
    }

    public ContainerFixture command(String... arguments) {
        command = Arrays.asList(arguments);
        return this;
    }

    public ContainerFixture workingDirectory(String directory) {
        workingDirectory = directory;
        return this;
    }

    public ContainerFixture user(long id) {
        uid = id;
        gid = id;
        return this;
    }

    public ContainerFixture readonly() {
        readonly = true;
        return this;
    }

    /// What is known of its life so far.
    public ContainerFixture state(ProposalTarget.State known) {
        state = known;
        return this;
    }

    /// Only the owner or the mode of a file changed.
    public ContainerFixture ownerChanged(String path) {
        addParents(path);
        changes.add(new FileChange(FileChange.Kind.OWNER_CHANGED, path));
        return this;
    }

    /// The engine mounted something there that it does not declare.
    public ContainerFixture mountPoint(String path) {
        addParents(path);
        changes.add(new FileChange(FileChange.Kind.MOUNT_POINT, path));
        return this;
    }

    public ContainerFixture watched(Duration duration) {
        watched = duration;
        return this;
    }

    public ContainerFixture withoutSource(WriteEvidenceSource source) {
        shortfalls.add(
                new WriteEvidenceGap(source, "the engine is on another machine", "some files"));
        return this;
    }

    FakeFiles files() {
        return files;
    }

    public ProposalInput observed() {
        Container container =
                Container.builder(
                                String.format("%064x", name.hashCode() & 0xffffffffL),
                                name,
                                "unix:///var/run/docker.sock")
                        .image(image)
                        .readonlyRootfs(readonly)
                        .mounts(mounts)
                        .labels(labels)
                        .pid(42)
                        .build();
        return new ProposalInput(
                new ProposalTarget(
                        container,
                        environment,
                        command,
                        volumes,
                        workingDirectory,
                        false,
                        imageLabels,
                        Optional.of(uid),
                        Optional.of(gid),
                        state),
                changes,
                written,
                missed,
                files,
                watched,
                shortfalls,
                List.of());
    }

    public Proposal proposal() {
        return new Proposer(SHIPPED).propose(observed());
    }

    /// The proposal in short: the provisions, separated by semicolons.
    public String provisions() {
        return ProposalDigest.of(proposal());
    }

    /// All evidence, one line each, with the provision that it belongs to.
    public String evidence() {
        StringBuilder text = new StringBuilder();
        for (ProposalItem provision : proposal().provisions()) {
            for (ProposalItemEvidence e : provision.evidence()) {
                text.append(ProposalDigest.name(provision))
                        .append(" | ")
                        .append(e.source().label())
                        .append(" | ")
                        .append(e.text())
                        .append('\n');
            }
        }
        return text.toString();
    }

    public String notes() {
        return String.join("\n", proposal().notes());
    }
}
