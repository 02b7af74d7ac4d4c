package io.github.writeprobe.agent;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.cycle.BadEndpoint;
import io.github.writeprobe.docker.DockerEngines.Connected;
import io.github.writeprobe.recommend.ContainerObserver;
import io.github.writeprobe.recommend.EvidenceSource;
import io.github.writeprobe.recommend.Observations;
import io.github.writeprobe.recommend.ProofResult;
import io.github.writeprobe.recommend.Proposer;
import io.github.writeprobe.recommend.Prover;
import io.github.writeprobe.recommend.Prover.Trial;
import io.github.writeprobe.recommend.Recommendation;
import io.github.writeprobe.recommend.Subject;
import io.github.writeprobe.recommend.known.KnownImages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// Recommending, put together: finds containers, watches all of them at once, proposes, and proves.
public final class Recommend implements AutoCloseable {
    /// Which containers it is about.
    public sealed interface Which {
        /// @param references ids or names; they need not run
        record Named(List<String> references) implements Which {
            public Named {
                references = List.copyOf(references);
            }
        }

        /// Those of a Compose project that run.
        record Project(String name) implements Which {
            public Project {
                requireNonNull(name);
            }
        }

        /// All that run.
        record All() implements Which {}
    }

    /// What was found, before anything is watched.
    ///
    /// @param hosts the engines that were asked
    /// @param unknown references that no engine knows
    /// @param ambiguous references that mean a container here and another one there
    /// @param troubles a line for each engine that did not answer
    public record Found(
            List<Subject> subjects,
            List<String> hosts,
            List<String> unknown,
            List<String> ambiguous,
            List<String> troubles) {
        public Found {
            subjects = List.copyOf(subjects);
            hosts = List.copyOf(hosts);
            unknown = List.copyOf(unknown);
            ambiguous = List.copyOf(ambiguous);
            troubles = List.copyOf(troubles);
        }
    }

    /// What to do with them.
    ///
    /// @param watch for how long
    /// @param proving empty if nothing is to be proved
    public record Wish(Duration watch, KnownImages known, Optional<Proving> proving) {
        public Wish {
            requireNonNull(watch);
            requireNonNull(known);
            requireNonNull(proving);
        }
    }

    /// @param exercise a shell command that succeeds where the service works
    /// @param limits for each container, or each Compose project
    public record Proving(Optional<String> exercise, Prover.Limits limits) {
        public Proving {
            requireNonNull(exercise);
            requireNonNull(limits);
        }
    }

    /// What came of it.
    ///
    /// @param unlearned names of the containers of which nothing could be learned, so that their
    ///   proposals rest on their images alone
    public record Result(List<Recommendation> recommendations, List<String> unlearned) {
        public Result {
            recommendations = List.copyOf(recommendations);
            unlearned = List.copyOf(unlearned);
        }
    }

    /// Hears how far it has come. Called from many threads.
    public interface Progress {
        /// @param files that were seen to be written so far, in all containers
        /// @param writes that were seen
        void watching(int containers, Duration elapsed, Duration of, long files, long writes);

        /// @param done how many containers are finished, of how many
        /// @param what is done now. May hold a stranger's text
        void proving(int done, int of, String what);
    }

    private final List<Connected> engines;
    private final Configuration configuration;
    private final EarlyEnd early = new EarlyEnd();

    /// @param environment where DOCKER_HOST and its kin are looked up
    /// @throws BadEndpoint if a host, or what the environment says of one, cannot be understood
    public Recommend(Configuration configuration, Map<String, String> environment)
            throws BadEndpoint {
        this.configuration = configuration;
        this.engines = Composition.connected(configuration, environment);
    }

    public Found find(Which which) throws InterruptedException {
        return SubjectFinder.find(which, engines);
    }

    /// Ends what goes on now, watching or proving, so that [#run] finishes with what it has. May be
    /// called from any thread.
    ///
    /// @return whether something went on that can be ended early, and had not been told to yet
    public boolean endEarly() {
        return early.ask();
    }

    /// Watches, proposes and proves.
    ///
    /// @throws InterruptedException if the caller was interrupted; no clone is left then
    public Result run(Found found, Wish wish, Progress progress) throws InterruptedException {
        Proposer proposer = new Proposer(wish.known());
        List<Observations> observed = observe(found.subjects(), wish.watch(), progress);
        List<Trial> trials = observed.stream().map(o -> new Trial(o, proposer.propose(o))).toList();
        List<String> unlearned =
                observed.stream()
                        .filter(Recommend::nothing)
                        .map(o -> o.subject().container().name())
                        .toList();
        if (wish.proving().isEmpty()) {
            return new Result(
                    trials.stream()
                            .map(t -> new Recommendation(t.proposal(), Optional.empty()))
                            .toList(),
                    unlearned);
        }
        List<ProofResult> proofs =
                new ProofRunner(configuration, proposer, wish.proving().get(), engines, progress)
                        .prove(trials, early);
        return new Result(
                proofs.stream().map(p -> new Recommendation(p.proposal(), Optional.of(p))).toList(),
                unlearned);
    }

    /// Whether no source had anything to say: one that does not run and has changed nothing may
    /// never have run, and one that is gone cannot be asked.
    private static boolean nothing(Observations observed) {
        boolean unseen =
                observed.subject().container().pid() == 0
                        || observed.shortfalls().stream()
                                .anyMatch(s -> s.source() == EvidenceSource.DIFF);
        return unseen
                && observed.watched().isZero()
                && observed.changes().isEmpty()
                && observed.written().isEmpty();
    }

    private List<Observations> observe(List<Subject> subjects, Duration watch, Progress progress)
            throws InterruptedException {
        List<ContainerObserver> those = new ArrayList<>();
        try {
            for (Subject subject : subjects) {
                those.add(
                        ContainerObserver.begin(
                                Composition.of(subject.container(), engines).workshop(),
                                subject,
                                !watch.isZero()));
            }
            CountDownLatch enough = new CountDownLatch(1);
            early.by(enough::countDown);
            try {
                return ContainerObserver.together(
                        those,
                        watch,
                        enough,
                        (elapsed, files, writes) ->
                                progress.watching(subjects.size(), elapsed, watch, files, writes));
            } finally {
                early.over();
            }
        } finally {
            those.forEach(ContainerObserver::close);
        }
    }

    @Override
    public void close() {
        engines.forEach(e -> e.engine().close());
    }
}
