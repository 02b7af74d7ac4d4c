package io.github.writeprobe.recommend.prove;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.propose.ProposalItem;
import java.time.Duration;
import java.util.List;

/// Where clones of containers run: an isolated network, copies of what the containers write to, and
/// the clones. The clones of one environment reach each other by the names of their originals, and
/// reach nothing else.
///
/// A clone never gets access to anything of the original that it could change: no writable mount,
/// no socket, no network, no published port.
public interface CloneEnvironment {
    /// The longest life of a clone. Audits ignore a clone while it lives, and a label must not hide
    /// a container for long.
    Duration MAX_LIFETIME = Duration.ofMinutes(10);

    /// Copies what a container writes to. The container keeps running, so a copy is in the state
    /// that a power failure would leave.
    Prepared prepare(ProposalTarget subject) throws EngineUnavailable, InterruptedException;

    /// Creates a clone of a prepared container without starting it. The clone has the data as the
    /// last clone of that container left them. Everything else is new.
    ///
    /// @param provisions in addition to what the original has
    /// @param readOnly whether its root filesystem is read-only
    /// @param life how long the clone is needed at most; no longer than [#MAX_LIFETIME]
    Made make(
            ProposalTarget subject, List<ProposalItem> provisions, boolean readOnly, Duration life)
            throws EngineUnavailable, InterruptedException;

    /// Removes everything that was created here. Also works if the thread is interrupted, and keeps
    /// its interrupt status.
    ///
    /// @return names of what could not be removed
    List<String> clear();

    sealed interface Prepared {
        /// @param originalUptime how long the original has been running; zero if it is not running
        /// @param differences how the clones differ from the original, for people; each a sentence
        record Ready(Duration originalUptime, List<String> differences) implements Prepared {
            public Ready {
                requireNonNull(originalUptime);
                differences = List.copyOf(differences);
            }
        }

        /// The container cannot be cloned.
        ///
        /// @param reason for people. May contain untrusted text
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

        /// The engine refused to create the clone.
        ///
        /// @param reason the engine's message. Untrusted text
        record Refused(String reason) implements Made {
            public Refused {
                requireNonNull(reason);
            }
        }
    }
}
