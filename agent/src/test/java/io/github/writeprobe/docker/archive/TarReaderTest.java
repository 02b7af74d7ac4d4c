package io.github.writeprobe.docker.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
    private static final String LONG = "d".repeat(120) + "/" + "é".repeat(60) + "\nnew line";

    private static final long MODIFIED = 1_700_000_000;

    @TempDir Path directory;

    private record ReadArchive(List<TarReader.Entry> entries, boolean complete) {
        List<String> names() {
            return entries.stream().map(TarReader.Entry::name).toList();
        }

        TarReader.Entry entry(String name) {
            return entries.stream()
                    .filter(e -> e.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(names().toString()));
        }
    }

    /// Reads the archive in pieces of the given size, so that every header can be split.
    private static ReadArchive read(byte[] archive, int piece) throws Exception {
        List<TarReader.Entry> entries = new ArrayList<>();
        TarReader tar = new TarReader(entries::add);
        for (int at = 0; at < archive.length; at += piece) {
            tar.accept(archive, at, Math.min(piece, archive.length - at));
        }
        return new ReadArchive(entries, tar.isComplete());
    }

    private byte[] archive(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("tar", "-C", directory.toString(), "-c"));
        command.addAll(List.of(options));
        command.add("tree");
        Process tar =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        byte[] archive = tar.getInputStream().readAllBytes();
        assertThat(tar.waitFor()).isZero();
        return archive;
    }

    private void createTree() throws Exception {
        Path tree = Files.createDirectories(directory.resolve("tree"));
        Path deep = Files.createDirectories(tree.resolve(LONG).getParent());
        Files.writeString(deep.resolve("é".repeat(60) + "\nnew line"), "x".repeat(1000));
        Path file = Files.writeString(tree.resolve("file"), "x".repeat(512));
        Files.setLastModifiedTime(
                file, FileTime.from(Instant.ofEpochSecond(MODIFIED, 500_000_000)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("../file"));
        Files.createSymbolicLink(tree.resolve("far"), Path.of("t".repeat(150)));
        Files.createFile(tree.resolve("empty"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pax", "gnu"})
    void whatTarWritesIsRead(String format) throws Exception {
        createTree();
        byte[] archive = archive("--format=" + format, "--owner=:4000000", "--group=:1001");
        for (int piece : new int[] {1, 7, 511, 512, 513, 4096, archive.length}) {
            ReadArchive read = read(archive, piece);
            assertThat(read.complete()).isTrue();
            assertThat(read.names())
                    .contains("tree/", "tree/" + LONG, "tree/file", "tree/link", "tree/empty");
            assertThat(read.entry("tree/file"))
                    .isEqualTo(
                            new TarReader.Entry(
                                    "tree/file", '0', 0640, 4_000_000, 1001, 512, "", MODIFIED));
            assertThat(read.entry("tree/" + LONG).bytes()).isEqualTo(1000);
            assertThat(read.entry("tree/link").type()).isEqualTo('2');
            assertThat(read.entry("tree/link").target()).isEqualTo("../file");
            assertThat(read.entry("tree/far").target()).isEqualTo("t".repeat(150));
            assertThat(read.entry("tree/").type()).isEqualTo('5');
        }
    }

    @Test
    void aNameInTwoFieldsIsPutTogether() throws Exception {
        Path deep = directory.resolve("tree/" + "a".repeat(90) + "/" + "b".repeat(90));
        Files.createDirectories(deep);
        assertThat(read(archive("--format=ustar"), 512).names())
                .contains("tree/" + "a".repeat(90) + "/" + "b".repeat(90) + "/");
    }

    @Test
    void anArchiveThatBreaksOffIsNotWhole() throws Exception {
        createTree();
        byte[] archive = archive();
        int entries = read(archive, 512).entries().size();
        int end = archive.length;
        while (end > 0 && archive[end - 1] == 0) {
            end--;
        }
        int last = (end + 511) / 512 * 512;
        assertThat(read(Arrays.copyOf(archive, last + 1024), 512).complete()).isTrue();
        assertThat(read(Arrays.copyOf(archive, last + 512), 512).complete()).isFalse();
        assertThat(read(Arrays.copyOf(archive, last), 512).complete()).isFalse();
        assertThat(read(Arrays.copyOf(archive, last - 512), 512).entries().size())
                .isLessThanOrEqualTo(entries);
        assertThat(read(new byte[0], 1).complete()).isFalse();
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        byte[] junk = "{\"message\":\"no\"}".repeat(64).getBytes(UTF_8);
        assertThatThrownBy(() -> read(junk, 512)).isInstanceOf(TarReader.Malformed.class);
    }

    @Test
    void aFileOfTerabytesHasItsSize() throws Exception {
        byte[] archive = header("big", '0', 0);
        ByteBuffer.wrap(archive).putInt(124, 0x80 << 24).putLong(128, 5L << 40);
        assertThat(read(withChecksum(archive), 512).entries().getFirst().bytes())
                .isEqualTo(5L << 40);

        byte[] pax =
                ByteBuffer.allocate(1536)
                        .put(withChecksum(header("x", 'x', 22)))
                        .put("22 size=5497558138880\n".getBytes(UTF_8))
                        .put(1024, withChecksum(header("big", '0', 0)))
                        .array();
        assertThat(read(pax, 512).entries())
                .containsExactly(new TarReader.Entry("big", '0', 0, 0, 0, 5L << 40, "", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 a=b\n", "9999 a=b\n", "7\n", "4 a=\n", "6 abc\n", "-1 a=b\n", "5"})
    void anExtendedHeaderThatIsNoneIsRefused(String records) {
        byte[] value = records.getBytes(UTF_8);
        byte[] archive =
                ByteBuffer.allocate(1024)
                        .put(withChecksum(header("x", 'x', value.length)))
                        .put(value)
                        .array();
        assertThatThrownBy(() -> read(archive, 512)).isInstanceOf(TarReader.Malformed.class);
    }

    @Test
    void anExtendedHeaderWithoutEndIsRefused() {
        assertThatThrownBy(() -> read(withChecksum(header("x", 'L', 1 << 30)), 512))
                .isInstanceOf(TarReader.Malformed.class);
    }

    @Test
    void aSizeBelowZeroIsRefused() {
        byte[] archive = header("x", '0', 0);
        Arrays.fill(archive, 124, 136, (byte) 0xff);
        assertThatThrownBy(() -> read(withChecksum(archive), 512))
                .isInstanceOf(TarReader.Malformed.class);
    }

    private static byte[] header(String name, char type, long size) {
        byte[] header = new byte[512];
        byte[] bytes = name.getBytes(UTF_8);
        System.arraycopy(bytes, 0, header, 0, bytes.length);
        byte[] octal = "%011o".formatted(size).getBytes(UTF_8);
        System.arraycopy(octal, 0, header, 124, octal.length);
        header[156] = (byte) type;
        return header;
    }

    private static byte[] withChecksum(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += Byte.toUnsignedInt(b);
        }
        byte[] octal = "%06o\0".formatted(sum).getBytes(UTF_8);
        System.arraycopy(octal, 0, header, 148, octal.length);
        return header;
    }
}
