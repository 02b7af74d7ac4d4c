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
import java.io.File;
import java.io.Serializable;
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

    /// A package with those inside it, and all that it may know of the house.
    enum Room {
        PROBES("how to find out is of use without an engine and without a policy"),
        MODEL("what is known of a container does not depend on what anybody thinks of it", PROBES),
        POLICY(
                "what is wanted is said in the words of the model, before anything is judged",
                MODEL),
        JUDGE("a judgement follows from facts and policy alone", PROBES, MODEL, POLICY),
        CYCLE("a pass asks through ports, whoever is behind them", PROBES, MODEL, POLICY, JUDGE),
        MONITOR(
                "what is kept fresh is what a pass finds out, through the same ports",
                PROBES,
                MODEL,
                POLICY,
                JUDGE,
                CYCLE),
        REPORT("a report is rendered from the report alone", PROBES, MODEL),
        METRICS(
                "series are a view of the report, and of what the monitor reports it did",
                PROBES,
                MODEL,
                MONITOR,
                REPORT),
        RECOMMEND(
                "a proposal follows from what was seen, and asks through ports",
                PROBES,
                MODEL,
                POLICY,
                CYCLE,
                REPORT),
        DOCKER("the adapter implements ports, and has no opinion", PROBES, MODEL, CYCLE, RECOMMEND),
        CONFIG(
                "a configuration file says what is wanted or known, and does nothing",
                MODEL,
                POLICY,
                RECOMMEND),
        HOST("how a daemon gets on with its machine has nothing to do with what it does there"),
        WEB("a server shows what it is given, and knows only how it was told to", CONFIG),
        AGENT(
                "the composition root is the one place that knows every room",
                PROBES,
                MODEL,
                POLICY,
                JUDGE,
                CYCLE,
                MONITOR,
                METRICS,
                REPORT,
                RECOMMEND,
                DOCKER,
                CONFIG,
                HOST,
                WEB),
        CLI(
                "the command line turns words into calls, and leaves the engine to the composition"
                        + " root",
                PROBES,
                MODEL,
                POLICY,
                CYCLE,
                METRICS,
                REPORT,
                RECOMMEND,
                CONFIG,
                HOST,
                WEB,
                AGENT);

        private final String reason;
        private final Set<Room> known;

        Room(String reason, Room... known) {
            this.reason = reason;
            this.known = Set.of(known);
        }

        String inside() {
            return HOUSE + "." + name().toLowerCase(Locale.ROOT) + "..";
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

    private static ArchRule onlyTheCompositionRootKnowsTheEngineAdapter(String adapter) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(adapter, Room.AGENT.inside())
                .should()
                .dependOnClassesThat()
                .resideInAPackage(adapter)
                .because("another engine, or a fake one, has to fit in its place");
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
                        "whether a waiver has expired depends on the time of the pass, not of the call");
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
                        "results go to standard output and nowhere else, and one place says with which code a run ends");
    }

    @ParameterizedTest
    @EnumSource
    void aRoomKnowsOnlyWhatStandsRightOfIt(Room room) {
        room.knowsOnly(room.known).check(SHIPPED);
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
    void onlyTheCompositionRootKnowsTheEngineAdapter() {
        onlyTheCompositionRootKnowsTheEngineAdapter(Room.DOCKER.inside()).check(SHIPPED);
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
    void onlyTheCommandLineHasTheConsole() {
        onlyTheCommandLineHasTheConsole(Room.CLI).check(SHIPPED);
    }

    private static Stream<ArchRule> brokenRules() {
        return Stream.of(
                Room.CLI.knowsOnly(Set.of(Room.MODEL)),
                onlyTheCompositionRootKnowsTheEngineAdapter(Room.MODEL.inside()),
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
