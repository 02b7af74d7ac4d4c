package io.github.writeprobe.probes.writes;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A process in a cell that does what no shell does: `map` maps a file, shared and writable, and
/// closes it; `bind` listens on a socket. It says so, and stays.
final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
        Path path = Path.of(args[1]);
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            if (args[0].equals("bind")) {
                socket.bind(UnixDomainSocketAddress.of(path));
            } else {
                try (FileChannel file =
                        FileChannel.open(
                                path,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE)) {
                    file.map(FileChannel.MapMode.READ_WRITE, 0, 4096).put(0, (byte) 1);
                }
            }
            System.out.println("ready");
            System.in.read();
        }
    }
}
