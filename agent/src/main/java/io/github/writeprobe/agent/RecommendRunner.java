package io.github.writeprobe.agent;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.recommend.Recommendation;
import io.github.writeprobe.recommend.known.KnownImages;
import io.github.writeprobe.recommend.observe.ContainerObserver;
import io.github.writeprobe.recommend.observe.ProposalInput;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import io.github.writeprobe.recommend.observe.WriteEvidenceGap;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.Proposer;
import io.github.writeprobe.recommend.prove.ProofResult;
import io.github.writeprobe.recommend.prove.Prover;
import io.github.writeprobe.recommend.prove.Prover.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// Runs a recommendation: finds containers, observes all of them in parallel, proposes, and proves.
public final class RecommendRunner implements AutoCloseable {
    /// Which containers to recommend for.
    public sealed interface ContainerSelection {
        /// @param references ids or names; the containers need not run
        record Named(List<String> references) implements ContainerSelection {
            public Named {
                references = List.copyOf(references);
            }
        }

        /// The running containers of a Compose project.
        record Project(String name) implements ContainerSelection {
            public Project {
                requireNonNull(name);
            }
        }

        /// All running containers.
        record All() implements ContainerSelection {}
    }

    /// The containers that were found, before they are observed.
    ///
    /// @param hosts the engines that were queried
    /// @param unknown references that no engine knows
    /// @param ambiguous references that match containers on several engines
    /// @param errors a line for each engine that did not answer, and for each container that cannot
    ///   be observed
    public record FindResult(
            List<ProposalTarget> subjects,
            List<String> hosts,
            List<String> unknown,
            List<String> ambiguous,
            List<String> errors) {
        public FindResult {
            subjects = List.copyOf(subjects);
            hosts = List.copyOf(hosts);
            unknown = List.copyOf(unknown);
            ambiguous = List.copyOf(ambiguous);
            errors = List.copyOf(errors);
        }
    }

    /// What to do with the containers that were found.
    ///
    /// @param observationTime how long to observe writes
    /// @param proof empty for no proof
    public record Request(
            Duration observationTime, KnownImages knownImages, Optional<ProofOptions> proof) {
        public Request {
            requireNonNull(observationTime);
            requireNonNull(knownImages);
            requireNonNull(proof);
        }
    }

    /// @param exercise a shell command that succeeds if the service works
    /// @param limits for each container, or each Compose project
    public record ProofOptions(Optional<String> exercise, Prover.Limits limits) {
        public ProofOptions {
            requireNonNull(exercise);
            requireNonNull(limits);
        }
    }

    /// The result of a run.
    ///
    /// @param withoutEvidence names of the containers without evidence; their proposals are based
    ///   on their images alone
    public record Result(List<Recommendation> recommendations, List<String> withoutEvidence) {
        public Result {
            recommendations = List.copyOf(recommendations);
            withoutEvidence = List.copyOf(withoutEvidence);
        }
    }

    /// Receives the progress. Called from many threads.
    public interface Progress {
        /// @param files how many files were written so far, in all containers
        /// @param writes how many writes were seen
        void reportObservation(
                int containers, Duration elapsed, Duration total, long files, long writes);

        /// @param done how many of `total` containers are finished
        /// @param step what is being done now; may contain untrusted text
        void reportProof(int done, int total, String step);
    }

    private final List<Engine> engines;
    private final Configuration configuration;
    private final StepInterrupter earlyStop = new StepInterrupter();

    /// @param environment where DOCKER_HOST and related variables are looked up
    /// @throws BadEndpoint if a host, from the configuration or the environment, is invalid
    public RecommendRunner(Configuration configuration, Map<String, String> environment)
            throws BadEndpoint {
        this.configuration = configuration;
        this.engines = ComponentFactory.openEngines(configuration, environment);
    }

    public FindResult find(ContainerSelection selection) throws InterruptedException {
        return ProposalTargetFinder.find(selection, engines);
    }

    /// Ends the current step, observation or proof, so that [#run] finishes with the results so
    /// far. May be called from any thread.
    ///
    /// @return whether a step was running for which no early end had been requested yet
    public boolean stopEarly() {
        return earlyStop.request();
    }

    /// Observes, proposes and proves.
    ///
    /// @throws InterruptedException if the caller was interrupted; no clone is left then
    public Result run(FindResult found, Request request, Progress progress)
            throws InterruptedException {
        Proposer proposer = new Proposer(request.knownImages());
        List<ProposalInput> observations =
                observe(found.subjects(), request.observationTime(), progress);
        List<Trial> trials =
                observations.stream().map(o -> new Trial(o, proposer.propose(o))).toList();
        List<String> withoutEvidence =
                observations.stream()
                        .filter(RecommendRunner::hasNoEvidence)
                        .map(o -> o.subject().container().name())
                        .toList();
        if (request.proof().isEmpty()) {
            return new Result(
                    trials.stream()
                            .map(t -> new Recommendation(t.proposal(), Optional.empty()))
                            .toList(),
                    withoutEvidence);
        }
        List<ProofResult> proofs =
                new ParallelProofRunner(
                                configuration, proposer, request.proof().get(), engines, progress)
                        .prove(trials, earlyStop);
        return new Result(
                proofs.stream().map(p -> new Recommendation(p.proposal(), Optional.of(p))).toList(),
                withoutEvidence);
    }

    /// Whether there is no evidence of writes. A stopped container without changes may never have
    /// run, and a removed container cannot be observed.
    private static boolean hasNoEvidence(ProposalInput observations) {
        boolean unobservable =
                observations.subject().container().pid() == 0
                        || observations.shortfalls().contains(WriteEvidenceGap.NEVER_SEEN)
                        || observations.shortfalls().stream()
                                .anyMatch(s -> s.source() == WriteEvidenceSource.DIFF);
        return unobservable
                && observations.watched().isZero()
                && observations.changes().isEmpty()
                && observations.subject().state().refused().isEmpty()
                && observations.written().isEmpty();
    }

    private List<ProposalInput> observe(
            List<ProposalTarget> subjects, Duration observationTime, Progress progress)
            throws InterruptedException {
        List<ContainerObserver> observers = new ArrayList<>();
        try {
            for (ProposalTarget subject : subjects) {
                observers.add(
                        ContainerObserver.start(
                                ComponentFactory.engineOf(subject.container(), engines)
                                        .ability(RecommendEngine.class)
                                        .orElseThrow(),
                                subject,
                                !observationTime.isZero()));
            }
            CountDownLatch stopped = new CountDownLatch(1);
            earlyStop.begin(stopped::countDown);
            try {
                return ContainerObserver.observeAll(
                        observers,
                        observationTime,
                        stopped,
                        (elapsed, files, writes) ->
                                progress.reportObservation(
                                        subjects.size(), elapsed, observationTime, files, writes));
            } finally {
                earlyStop.finish();
            }
        } finally {
            observers.forEach(ContainerObserver::close);
        }
    }

    @Override
    public void close() {
        engines.forEach(e -> e.close());
    }
}
