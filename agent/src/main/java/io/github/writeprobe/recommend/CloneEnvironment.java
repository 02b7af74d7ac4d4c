package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cycle.EngineUnavailable;
import java.time.Duration;
import java.util.List;

/// Where clones of containers are tried: an isolated network, copies of what the containers write
/// to, and the clones. All clones of a bench see each other, by the names of their originals, and
/// nobody else.
///
/// No clone is ever given what it could change, or reach, of its original's: no writable mount, no
/// socket, no network, no published port.
public interface CloneEnvironment {
    /// The longest life of a clone: while it lives, no audit sees it, and no label may hide
    /// anything for long.
    Duration MAX_LIFETIME = Duration.ofMinutes(10);

    /// Copies what a container writes to. The container runs on, so a copy is what a power cut
    /// would leave.
    Prepared prepare(Subject subject) throws EngineUnavailable, InterruptedException;

    /// Makes a clone of a container that is prepared, and does not start it. It finds its data as
    /// the last clone of that container left them, and everything else as new.
    ///
    /// @param provisions beside what the original has
    /// @param readOnly whether its root filesystem is read-only
    /// @param life how long it is needed at most; no longer than [#MAX_LIFETIME]
    Made make(Subject subject, List<Provision> provisions, boolean readOnly, Duration life)
            throws EngineUnavailable, InterruptedException;

    /// Removes all that was made here, even if the caller has been interrupted: it stays so.
    ///
    /// @return what could not be removed, by name
    List<String> clear();

    sealed interface Prepared {
        /// @param originalUptime for how long the original has been running; zero if it is not
        /// @param differences for people, in what its clones are not like it; each a sentence
        record Ready(Duration originalUptime, List<String> differences) implements Prepared {
            public Ready {
                requireNonNull(originalUptime);
                differences = List.copyOf(differences);
            }
        }

        /// No clones of it can be made.
        ///
        /// @param reason for people. May hold a stranger's text
        record Impossible(String reason) implements Prepared {
            public Impossible {
                requireNonNull(reason);
            }
        }
    }

    sealed interface Made {
        record Ready(Clone copy) implements Made {
            public Ready {
                requireNonNull(copy);
            }
        }

        /// The engine would not make it.
        ///
        /// @param reason in the engine's words. A stranger's text
        record Refused(String reason) implements Made {
            public Refused {
                requireNonNull(reason);
            }
        }
    }
}
