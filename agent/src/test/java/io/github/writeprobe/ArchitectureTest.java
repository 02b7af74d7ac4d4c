package io.github.writeprobe;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.github.writeprobe.engine.Engine;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The house as it is drawn in the design: which room may know which, and what is done where.
class ArchitectureTest {
    private static final String HOUSE = "io.github.writeprobe";
    private static final JavaClasses SHIPPED =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(HOUSE);

    private static final ArchRule NAMES_SAY_SOMETHING =
            noClasses()
                    .should()
                    .haveNameMatching(".*(Impl|Manager|Utils?|Helper)(\\$.*)?")
                    .orShould()
                    .haveNameMatching("(.*[.$])?Abstract[^.$]*(\\$.*)?")
                    .because("a name that fits everything tells nothing");

    /// Metaphors that a stranger has to have explained. What they stood for has a name in the
    /// field.
    private static final ArchRule NAMES_ARE_THE_FIELDS =
            noClasses()
                    .should()
                    .haveNameMatching(
                            "(?i).*(testimon|sworn|glance|hearing|errand|roster|standing|lookout"
                                    + "|workshop|rehearsal|lastwords|passedon|astray|guise|ledger"
                                    + "|happening).*")
                    .because("whoever knows Docker, Linux and the JDK guesses what a class does");

    /// In code, comments, messages and documents.
    private static final Pattern PRIVATE_WORDS =
            Pattern.compile(
                    "(?i)testimon(y|ies)|\\btestif|\\bsworn\\b|\\bglance|\\berrand|\\brosters?\\b|\\bcrew\\b"
                            + "|\\bguise|\\bastray\\b|\\bvouch|\\bworkshop|\\blookout|\\brehears|\\bheard\\b|\\blast"
                            + " words\\b|\\bpassed on\\b");

    /// A package with those inside it, and all that it may know of the house.
    enum Room {
        PROBES("finding out is of use without an engine and without a policy"),
        TEXT("making text safe depends on the text alone"),
        HOST("running as a daemon has nothing to do with what the daemon does"),
        MODEL("what is known of a container does not depend on who judges it", PROBES),
        POLICY("what is wanted is said before anything is judged", MODEL),
        JUDGE("a verdict follows from facts and policy alone", PROBES, MODEL, POLICY),
        ENGINE("what any engine offers knows no engine of any kind", PROBES, MODEL),
        PROBING("the witnesses are asked alike on every engine", PROBES, MODEL, ENGINE),
        AUDIT(
                "one cycle asks through the port, whichever engine is behind it",
                PROBES,
                MODEL,
                POLICY,
                JUDGE,
                ENGINE,
                PROBING),
        MONITOR(
                "the agent finds out by the same means as an audit",
                PROBES,
                MODEL,
                POLICY,
                JUDGE,
                ENGINE,
                PROBING),
        DIAGNOSIS(
                "what works from here follows from a report, an engine's own words and the"
                        + " kernel's",
                PROBES,
                MODEL,
                ENGINE),
        REPORT("a report is rendered from the report alone", PROBES, TEXT, MODEL),
        METRICS(
                "series are a view of the report, and of what the monitor counts",
                PROBES,
                MODEL,
                MONITOR,
                REPORT),
        RECOMMEND(
                "a proposal follows from what was observed, and asks through the port",
                PROBES,
                TEXT,
                MODEL,
                POLICY,
                ENGINE),
        DOCKER(
                "an adapter implements ports, and judges nothing",
                PROBES,
                TEXT,
                MODEL,
                ENGINE,
                RECOMMEND),
        CRI(
                "an adapter implements ports, and judges nothing",
                PROBES,
                TEXT,
                MODEL,
                ENGINE,
                RECOMMEND),
        CONFIG(
                "a configuration file says what is wanted or known, and does nothing",
                PROBES,
                TEXT,
                MODEL,
                POLICY,
                PROBING,
                METRICS,
                RECOMMEND),
        WEB("a server shows what it is given, and knows only how it is configured", CONFIG),
        AGENT(
                "the composition root is the one place that knows every room",
                PROBES,
                HOST,
                MODEL,
                JUDGE,
                ENGINE,
                PROBING,
                AUDIT,
                MONITOR,
                DIAGNOSIS,
                REPORT,
                METRICS,
                RECOMMEND,
                DOCKER,
                CRI,
                CONFIG,
                WEB),
        CLI(
                "the command line turns words into calls of the composition root",
                PROBES,
                TEXT,
                HOST,
                MODEL,
                POLICY,
                ENGINE,
                PROBING,
                AUDIT,
                REPORT,
                METRICS,
                RECOMMEND,
                CONFIG,
                WEB,
                AGENT);

        private final String reason;
        private final Set<Room> known;

        Room(String reason, Room... known) {
            this.reason = reason;
            this.known = Set.of(known);
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        String inside() {
            return HOUSE + "." + label() + "..";
        }

        ArchRule knowsOnly(Set<Room> known) {
            String[] allowed =
                    Stream.concat(Stream.of(this), known.stream())
                            .map(Room::inside)
                            .toArray(String[]::new);
            return classes()
                    .that()
                    .resideInAPackage(inside())
                    .should()
                    .onlyDependOnClassesThat(
                            resideOutsideOfPackage(HOUSE + "..").or(resideInAnyPackage(allowed)))
                    .because(reason);
        }
    }

    /// The kinds of engine.
    private static final Set<Room> ADAPTERS = Set.of(Room.DOCKER, Room.CRI);

    /// Inside the Docker adapter: what the engine declares is read through the transport, and
    /// clones are made with both.
    private static final Map<String, Set<String>> DOCKER =
            Map.of(
                    "transport", Set.of(),
                    "inspect", Set.of("transport"),
                    "archive", Set.of("transport", "inspect"),
                    "clone", Set.of("transport", "inspect", "archive"));

    /// Inside the CRI adapter: what the runtime declares is read through the transport.
    private static final Map<String, Set<String>> CRI =
            Map.of("transport", Set.of(), "inspect", Set.of("transport"));

    /// Inside `recommend`: observations become proposals, and proposals are proved.
    private static final Map<String, Set<String>> RECOMMEND =
            Map.of(
                    "known", Set.of(),
                    "observe", Set.of(),
                    "propose", Set.of("known", "observe"),
                    "prove", Set.of("observe", "propose"));

    private static ArchRule knowsOnly(Room room, String part, Set<String> known) {
        String[] others =
                Stream.of(
                                "",
                                ".transport",
                                ".inspect",
                                ".archive",
                                ".clone",
                                ".known",
                                ".observe",
                                ".propose",
                                ".prove",
                                ".format")
                        .filter(p -> !p.equals("." + part) && !known.contains(p.replace(".", "")))
                        .map(p -> room.inside().replace("..", "") + p)
                        .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(room.inside().replace("..", "") + "." + part)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("the parts of a room depend on each other in one direction");
    }

    private static ArchRule onlyTheCompositionRootKnowsTheEngineAdapter(String adapter) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(adapter, Room.AGENT.inside())
                .should()
                .dependOnClassesThat()
                .resideInAPackage(adapter)
                .because("another engine, or a fake one, has to fit in its place");
    }

    private static ArchRule onlyOneAdapterLoadsGrpc(Room adapter) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(adapter.inside())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "io.netty..")
                .because("a host without Kubernetes pays neither its time nor its memory");
    }

    private static ArchRule needsOnlyTheJdk(Room room) {
        return classes()
                .that()
                .resideInAPackage(room.inside())
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(room.inside(), "java..", "org.jspecify.annotations..")
                .because("who has a container to probe should not need our libraries");
    }

    private static ArchRule doesNoIo(Room room) {
        DescribedPredicate<JavaClass> io =
                resideInAnyPackage(
                                "java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                        .and(DescribedPredicate.not(belongToAnyOf(Serializable.class)))
                        .or(belongToAnyOf(Process.class, ProcessBuilder.class));
        return noClasses()
                .that()
                .resideInAPackage(room.inside())
                .should()
                .dependOnClassesThat(io)
                .because("the same facts have to give the same verdict, on any machine");
    }

    private static ArchRule readsNoClock(Room room) {
        DescribedPredicate<JavaAccess<?>> reading =
                describe(
                        "a clock's time",
                        access -> {
                            JavaClass owner = access.getTargetOwner();
                            String name = access.getName();
                            boolean now =
                                    name.equals("now")
                                            && owner.getPackageName().equals("java.time");
                            boolean system =
                                    owner.isEquivalentTo(System.class)
                                            && Set.of("currentTimeMillis", "nanoTime")
                                                    .contains(name);
                            return now || system || owner.isAssignableTo(InstantSource.class);
                        });
        return noClasses()
                .that()
                .resideInAPackage(room.inside())
                .should()
                .accessTargetWhere(reading)
                .orShould()
                .dependOnClassesThat(belongToAnyOf(Clock.class, Date.class))
                .because(
                        "whether a waiver has expired depends on the time of the pass, not of the"
                                + " call");
    }

    private static ArchRule logsNothing(Room room) {
        return noClasses()
                .that()
                .resideInAPackage(room.inside())
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("org.slf4j..", "ch.qos.logback..", "java.util.logging..")
                                .or(belongToAnyOf(System.Logger.class)))
                .because("what it has to say, it says in its result");
    }

    private static ArchRule packagesHaveNoCycles(String slices) {
        return slices().matching(slices)
                .should()
                .beFreeOfCycles()
                .because("rooms that need each other are one room");
    }

    private static ArchRule onlyTheCommandLineHasTheConsole(Room allowed) {
        DescribedPredicate<JavaAccess<?>> console =
                describe(
                        "the console or the exit",
                        access ->
                                access.getTargetOwner().isEquivalentTo(System.class)
                                        && Set.of("out", "err", "exit", "console")
                                                .contains(access.getName()));
        return noClasses()
                .that()
                .resideOutsideOfPackage(allowed.inside())
                .should()
                .accessTargetWhere(console)
                .because(
                        "results go to standard output and nowhere else, and one place says with"
                                + " which code a run ends");
    }

    @ParameterizedTest
    @EnumSource
    void aRoomKnowsOnlyWhatStandsRightOfIt(Room room) {
        room.knowsOnly(room.known).check(SHIPPED);
    }

    @Test
    void thePartsOfARoomDependOnEachOtherInOneDirection() {
        DOCKER.forEach((part, known) -> knowsOnly(Room.DOCKER, part, known).check(SHIPPED));
        CRI.forEach((part, known) -> knowsOnly(Room.CRI, part, known).check(SHIPPED));
        RECOMMEND.forEach((part, known) -> knowsOnly(Room.RECOMMEND, part, known).check(SHIPPED));
    }

    /// The table in docs/ARCHITECTURE.md: a room, and what it may import.
    @Test
    void thePictureOfTheHouseIsTrue() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "ARCHITECTURE.md"));
        Map<String, Set<String>> drawn =
                Pattern.compile("^\\| `(\\w+)` \\|[^|]*\\|([^|]*)\\|$", Pattern.MULTILINE)
                        .matcher(document)
                        .results()
                        .collect(
                                Collectors.toMap(
                                        r -> r.group(1),
                                        r ->
                                                Pattern.compile("`(\\w+)`")
                                                        .matcher(r.group(2))
                                                        .results()
                                                        .map(known -> known.group(1))
                                                        .collect(Collectors.toSet())));
        Map<String, Set<String>> built =
                Arrays.stream(Room.values())
                        .collect(
                                Collectors.toMap(
                                        Room::label,
                                        room ->
                                                room.known.stream()
                                                        .map(Room::label)
                                                        .collect(Collectors.toSet())));
        assertThat(drawn).isEqualTo(built);
        String picture =
                document.substring(document.indexOf("```"), document.indexOf("| `probes`"));
        assertThat(built.keySet()).allMatch(room -> picture.contains(room));
    }

    /// What it names as the place to start or to change is there.
    @Test
    void whatTheArchitectureDocumentNamesExists() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "ARCHITECTURE.md"));
        Set<String> classes =
                SHIPPED.stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());
        List<String> named =
                Pattern.compile("\\b([A-Z]\\w+)\\.java")
                        .matcher(document)
                        .results()
                        .map(r -> r.group(1))
                        .toList();
        assertThat(named).hasSizeGreaterThan(20);
        assertThat(classes).containsAll(named);
    }

    /// Apart from NAME, which the reader replaces. A path without directories is in the directory
    /// of the one before it.
    @Test
    void whatContributingNamesExists() throws IOException {
        String document = Files.readString(Path.of("..", "CONTRIBUTING.md"));
        List<String> named =
                Pattern.compile("`((agent|probes)/[^` ]+)`(, `[A-Z]\\w+\\.java`)*")
                        .matcher(document)
                        .results()
                        .flatMap(r -> paths(r.group()))
                        .filter(path -> !path.contains("NAME"))
                        .toList();
        assertThat(named).hasSizeGreaterThan(60);
        assertThat(named).filteredOn(path -> !exists(path)).isEmpty();
    }

    private static Stream<String> paths(String names) {
        List<String> all =
                Pattern.compile("`([^`]+)`").matcher(names).results().map(r -> r.group(1)).toList();
        String directory = all.getFirst().substring(0, all.getFirst().lastIndexOf('/') + 1);
        return Stream.concat(
                Stream.of(all.getFirst()), all.stream().skip(1).map(name -> directory + name));
    }

    /// `…` stands for the directories down to the package, below `src/main` if nothing else is
    /// said.
    private static boolean exists(String path) {
        String full =
                path.replaceFirst("^(\\w+)/…", "$1/src/main/…")
                        .replaceFirst("/src/(main|test)/…", "/src/$1/java/io/github/writeprobe")
                        .replace("/resources/…", "/resources/io/github/writeprobe");
        Path file = Path.of("..", full);
        if (!full.contains("*")) {
            return Files.exists(file);
        }
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(file.getParent(), file.getFileName().toString())) {
            return found.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aSimpleNameMeansOneClass() {
        Map<String, List<String>> byName =
                SHIPPED.stream()
                        .filter(c ->
                                c.isTopLevelClass() && !c.getSimpleName().equals("package-info"))
                        .filter(c -> !c.getPackageName().startsWith(HOUSE + ".pages"))
                        .collect(
                                Collectors.groupingBy(
                                        JavaClass::getSimpleName,
                                        Collectors.mapping(
                                                JavaClass::getPackageName, Collectors.toList())));
        assertThat(byName).allSatisfy((name, packages) -> assertThat(packages).hasSize(1));
    }

    @Test
    void everyPackageIsInARoom() {
        assertThat(SHIPPED)
                .allMatch(c ->
                        Arrays.stream(Room.values())
                                .anyMatch(r -> resideInAPackage(r.inside()).test(c)));
    }

    @Test
    void onlyTheCompositionRootKnowsAnEngineAdapter() {
        ADAPTERS.forEach(adapter ->
                onlyTheCompositionRootKnowsTheEngineAdapter(adapter.inside()).check(SHIPPED));
    }

    /// Who implements the port is an adapter, and is in the list of those that nobody else knows.
    @Test
    void everyEngineIsInAnAdapter() {
        String[] adapters = ADAPTERS.stream().map(Room::inside).toArray(String[]::new);
        classes()
                .that()
                .implement(Engine.class)
                .should()
                .resideInAnyPackage(adapters)
                .check(SHIPPED);
        assertThat(ADAPTERS)
                .allMatch(adapter ->
                        SHIPPED.stream()
                                .anyMatch(c ->
                                        c.isAssignableTo(Engine.class)
                                                && resideInAPackage(adapter.inside()).test(c)));
    }

    @Test
    void onlyOneAdapterLoadsGrpc() {
        onlyOneAdapterLoadsGrpc(Room.CRI).check(SHIPPED);
    }

    @Test
    void probesNeedOnlyTheJdk() {
        needsOnlyTheJdk(Room.PROBES).check(SHIPPED);
    }

    @ParameterizedTest
    @EnumSource(names = {"JUDGE", "POLICY", "MODEL"})
    void aThinkingRoomDoesNoIoReadsNoClockAndLogsNothing(Room room) {
        doesNoIo(room).check(SHIPPED);
        readsNoClock(room).check(SHIPPED);
        logsNothing(room).check(SHIPPED);
    }

    @Test
    void packagesHaveNoCycles() {
        packagesHaveNoCycles(HOUSE + ".(**)").check(SHIPPED);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(unmarked(SHIPPED)).isEmpty();
    }

    @Test
    void namesSaySomething() {
        NAMES_SAY_SOMETHING.check(SHIPPED);
        NAMES_ARE_THE_FIELDS.check(SHIPPED);
    }

    @Test
    void wordsAreTheFields() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path text : texts()) {
            List<String> lines = Files.readAllLines(text);
            for (int i = 0; i < lines.size(); i++) {
                if (PRIVATE_WORDS.matcher(lines.get(i)).find()) {
                    found.add(text + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static List<Path> texts() throws IOException {
        List<Path> texts = new ArrayList<>();
        for (String directory :
                List.of(
                        "../agent/src/main",
                        "../probes/src/main",
                        "../docs",
                        "../config",
                        "../bin")) {
            try (Stream<Path> files = Files.walk(Path.of(directory))) {
                files.filter(f ->
                                Files.isRegularFile(f)
                                        && !f.toString().endsWith(".png")
                                        && !f.toString().endsWith(".woff2"))
                        .forEach(texts::add);
            }
        }
        texts.add(Path.of("../README.md"));
        texts.add(Path.of("../CONTRIBUTING.md"));
        assertThat(texts).hasSizeGreaterThan(300);
        return texts;
    }

    @Test
    void onlyTheCommandLineHasTheConsole() {
        onlyTheCommandLineHasTheConsole(Room.CLI).check(SHIPPED);
    }

    private static Stream<ArchRule> brokenRules() {
        return Stream.of(
                Room.CLI.knowsOnly(Set.of(Room.MODEL)),
                onlyTheCompositionRootKnowsTheEngineAdapter(Room.MODEL.inside()),
                onlyOneAdapterLoadsGrpc(Room.DOCKER),
                needsOnlyTheJdk(Room.DOCKER),
                doesNoIo(Room.CONFIG),
                readsNoClock(Room.AGENT),
                readsNoClock(Room.CLI),
                logsNothing(Room.CLI),
                onlyTheCommandLineHasTheConsole(Room.DOCKER));
    }

    /// Each rule, asked of a room that it was not made for: a pattern that matches nothing would
    /// hold everywhere.
    @ParameterizedTest
    @MethodSource("brokenRules")
    void aRuleFailsWhereItIsBroken(ArchRule rule) {
        assertThat(rule.evaluate(SHIPPED).hasViolation()).isTrue();
    }

    @Test
    void rulesThatHoldForAllOurClassesFailForTheJdk() {
        JavaClasses jdk =
                new ClassFileImporter()
                        .importClasses(
                                AbstractList.class, ArrayList.class, Scanner.class, File.class);
        assertThat(NAMES_SAY_SOMETHING.evaluate(jdk).hasViolation()).isTrue();
        assertThat(packagesHaveNoCycles("java.(*)..").evaluate(jdk).hasViolation()).isTrue();
        assertThat(unmarked(jdk)).isNotEmpty();
    }

    /// That null is an error and not a habit is only checked in packages that say so.
    private static List<String> unmarked(JavaClasses classes) {
        return classes.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(p -> !p.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .toList();
    }
}
