package io.github.writeprobe.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The current size of a terminal. It changes when the user resizes the window.
record TerminalSize(int rows, int columns) {
    private static final int STDOUT = 1;

    /// The value on Linux, on every architecture that Java runs on.
    private static final long TIOCGWINSZ = 0x5413;

    private static final MethodHandle IOCTL = ioctl();

    @SuppressWarnings("restricted") // the manifest of the jar allows it
    private static MethodHandle ioctl() {
        return Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("ioctl"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS),
                        Linker.Option.firstVariadicArg(2));
    }

    /// The size of the terminal on standard output; empty if it is unknown.
    static Optional<TerminalSize> current() {
        try (Arena arena = Arena.ofConfined()) {
            // struct winsize: rows, columns, and both in pixels
            MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4);
            if ((int) IOCTL.invokeExact(STDOUT, TIOCGWINSZ, size) != 0) {
                return Optional.empty();
            }
            int rows = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 0));
            int columns = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 1));
            return rows == 0 || columns == 0
                    ? Optional.empty()
                    : Optional.of(new TerminalSize(rows, columns));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
