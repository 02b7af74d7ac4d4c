package io.github.writeprobe.host;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles signals that do not end this program: hangups (SIGHUP), and interrupts (SIGINT) if an
/// action is set for them.
///
/// The JDK's only way to handle signals is `sun.misc.Signal`, in the module jdk.unsupported, which
/// stays until there is a replacement (JEP 260). javac warns of every use of it, and the warning
/// cannot be suppressed; hence the reflection.
public final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private final Semaphore pendingHangups = new Semaphore(0);

    private Signals() {}

    /// Handles hangups from now on, and keeps them until [#onHangup]. Call it once, and early:
    /// until then a hangup ends the program.
    ///
    /// If the JVM cannot handle signals (`-Xrs`, or a runtime without jdk.unsupported), this logs a
    /// warning.
    public static Signals captureHangups() {
        Signals signals = new Signals();
        try {
            handle("HUP", signals.pendingHangups::release);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("this Java runtime cannot handle SIGHUP; a SIGHUP would end the agent");
        }
        return signals;
    }

    /// Runs an action at every interrupt from now on, which is what Ctrl-C sends. Each run has its
    /// own thread. The action itself has to end the program if that is wanted.
    ///
    /// Interrupts that are ignored, such as those of a shell's background jobs, stay ignored. If
    /// the JVM cannot handle signals, an interrupt ends the program as usual.
    public static void onInterrupt(Runnable action) {
        try {
            handle("INT", action);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.atDebug().setCause(e).log("this Java runtime cannot handle SIGINT");
        }
    }

    /// Runs an action at every hangup, and at once if there was one already. Call it once.
    ///
    /// Runs do not overlap and have their own thread. All hangups that arrive during a run, or
    /// arrived before, cause one more run together. An exception of the action is logged, and the
    /// next hangup is handled as usual.
    public void onHangup(Runnable action) {
        Thread.ofPlatform()
                .daemon()
                .name("hangup")
                .start(() -> {
                    while (true) {
                        pendingHangups.acquireUninterruptibly();
                        pendingHangups.drainPermits();
                        run(action);
                    }
                });
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("handling SIGHUP failed");
        }
    }

    /// The JDK calls the handler on a new thread for every signal.
    private static void handle(String name, Runnable handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
        MethodHandle run =
                MethodHandles.publicLookup()
                        .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                        .bindTo(handler);
        Object adapter =
                MethodHandleProxies.asInterfaceInstance(
                        signalHandler, MethodHandles.dropArguments(run, 0, signal));
        signal.getMethod("handle", signal, signalHandler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), adapter);
    }
}
