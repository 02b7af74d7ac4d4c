package io.github.writeprobe.host;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signals that this program was sent, and that do not end it: hangups (SIGHUP), and interrupts
/// (SIGINT) where something else is to be done about them.
///
/// The JDK's one way to hear of signals is `sun.misc.Signal`, in the module jdk.unsupported, which
/// stays until there is another (JEP 260). javac warns of every mention of it and cannot be told
/// not to; hence the reflection.
public final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private final Semaphore pendingHangups = new Semaphore(0);

    private Signals() {}

    /// Hears hangups from now on, and remembers them until somebody wants to know. To be called
    /// once, and early: until then a hangup is the end.
    ///
    /// Where the JVM cannot hear (`-Xrs`, a runtime without jdk.unsupported) that is a warning.
    public static Signals captureHangups() {
        Signals signals = new Signals();
        try {
            handle("HUP", signals.pendingHangups::release);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("this Java runtime does not hear of SIGHUP, which would end the agent");
        }
        return signals;
    }

    /// Runs something at every interrupt from now on, which is what Ctrl-C sends. Each run has a
    /// thread of its own, and ends the program by itself if that is what it wants.
    ///
    /// Where interrupts are ignored, as those of a shell's background jobs, they stay so; where the
    /// JVM cannot hear, they end the program as ever.
    public static void onInterrupt(Runnable action) {
        try {
            handle("INT", action);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.atDebug().setCause(e).log("this Java runtime does not hear of SIGINT");
        }
    }

    /// Runs something at every hangup, and at once if there was one already. To be called once.
    ///
    /// One run at a time, on a thread of its own; hangups that come while it runs, or came before,
    /// make it run once more, however many they are. What it throws is logged, and the next hangup
    /// is heard.
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
            LOG.atError().setCause(e).log("what a SIGHUP asks for failed");
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
