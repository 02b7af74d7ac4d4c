package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.recommend.propose.ModelContainer.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/// A random service: an image, and what the service does each time it is started.
final class RandomService {
    /// One thing that it does. `run` is the number of the start, for names and contents.
    private interface Step {
        void run(ModelContainer container, int run);
    }

    private static final List<String> BASES =
            List.of(
                    "/var/lib/svc",
                    "/srv/app",
                    "/opt/app",
                    "/data",
                    "/var/vmail",
                    "/app",
                    "/home/svc",
                    "/var/spool/svc",
                    "/opt/app/state",
                    "/var/lib/svc/store");

    private final Random random;
    private final TreeMap<String, Node> image = new TreeMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<String> text = new ArrayList<>();
    private final TreeMap<String, String> lasting = new TreeMap<>();
    private final long uid;

    RandomService(long seed) {
        random = new Random(seed);
        uid = random.nextInt(3) == 0 ? 0 : 1000;
        for (String path :
                List.of(
                        "/",
                        "/run",
                        "/var/lib",
                        "/var/log",
                        "/srv",
                        "/opt",
                        "/home",
                        "/var/spool")) {
            directory(path, 0, 0755);
        }
        directory("/tmp", 0, 01777);
        directory("/var/tmp", 0, 01777);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            useBase(BASES.get(random.nextInt(BASES.size())));
        }
        common();
    }

    NavigableMap<String, Node> image() {
        return image;
    }

    long uid() {
        return uid;
    }

    /// The contents of everything that must outlive the container.
    Map<String, String> lasting() {
        return lasting;
    }

    void run(ModelContainer container, int run) {
        steps.forEach(step -> step.run(container, run));
    }

    @Override
    public String toString() {
        return "uid " + uid + ", image " + image.keySet() + "\n  " + String.join("\n  ", text);
    }

    private void directory(String path, long owner, int mode) {
        for (String at : PathStrings.withAncestors(path)) {
            image.putIfAbsent(at, new Node(true, 0, 0755, 0, ""));
        }
        image.put(path, new Node(true, owner, mode, 0, ""));
    }

    private void file(String path, long owner) {
        image.put(path, new Node(false, owner, 0644, 100, "image"));
    }

    private void add(String what, Step step) {
        text.add(what);
        steps.add(step);
    }

    /// A directory of the image that belongs to the service, or one that its entry point makes.
    private void useBase(String base) {
        boolean inImage = random.nextBoolean();
        if (inImage) {
            directory(base, uid, random.nextInt(4) == 0 ? 02775 : 0755);
            int files = random.nextInt(4) * random.nextInt(8);
            for (int i = 0; i < files; i++) {
                file(base + (random.nextBoolean() ? "/." : "/") + "code" + i, uid);
            }
            if (random.nextInt(4) == 0) {
                unpack(base);
            }
        } else {
            int mode = random.nextBoolean() ? 0755 : 01777;
            boolean guarded = random.nextBoolean();
            add(
                    (guarded ? "[ -d ] || " : "")
                            + "mkdir "
                            + base
                            + " "
                            + Integer.toOctalString(mode),
                    (c, run) -> {
                        if (!guarded || !c.isDirectory(base)) {
                            c.makeDirectories(base, 0, mode);
                            // A new owner for a directory of the image gets a note, but no mount.
                            if (mode == 0755 && !image.containsKey(base)) {
                                c.changeOwner(base, uid);
                            }
                        }
                    });
        }
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            String at = base;
            for (int depth = random.nextInt(3); depth > 0; depth--) {
                at += "/" + (char) ('a' + random.nextInt(4));
                if (inImage
                        && random.nextInt(3) == 0
                        && image.containsKey(PathStrings.parent(at))) {
                    directory(at, uid, 0755);
                }
            }
            write(at, i);
        }
    }

    private void keep(String path, String content) {
        lasting.put(path, content);
    }

    private void write(String at, int number) {
        int kind = random.nextInt(8);
        long bytes = 1L + random.nextInt(1000);
        add(
                kind + " in " + at,
                (c, run) -> {
                    c.makeDirectories(at, uid, 0755);
                    String content = "run " + run;
                    switch (kind) {
                        case 0 -> {
                            String path = at + "/item" + number;
                            c.write(path, uid, bytes, content);
                            keep(path, content);
                        }
                        case 1 -> {
                            String path = at + "/saved" + number;
                            c.write(path + ".new" + run, uid, bytes, content);
                            c.rename(path + ".new" + run, path, uid);
                            keep(path, content);
                        }
                        case 2 -> {
                            for (String name : List.of("tmp", "new", "cur")) {
                                c.makeDirectories(at + "/alice/" + name, uid, 0700);
                            }
                            String mail = "/" + number + "." + run;
                            c.write(at + "/alice/tmp" + mail, uid, bytes, content);
                            c.rename(at + "/alice/tmp" + mail, at + "/alice/new" + mail, uid);
                            keep(at + "/alice/new" + mail, content);
                        }
                        case 3 -> {
                            c.write(at + "/scratch" + run, uid, bytes, "");
                            c.remove(at + "/scratch" + run, uid);
                        }
                        case 4 -> c.write(at + "/svc.pid", uid, 5, content);
                        case 5 -> {
                            c.makeDirectories(at + "/cache", uid, 0755);
                            c.write(at + "/cache/object" + number, uid, bytes, content);
                        }
                        case 6 -> {
                            String temporary = at + "/.svc.tmp-" + number + run;
                            String collection = at + "/collection" + number + "." + run;
                            c.makeDirectories(temporary, uid, 0755);
                            c.write(temporary + "/entry", uid, bytes, content);
                            c.rename(temporary, collection, uid);
                            keep(collection + "/entry", content);
                        }
                        default -> c.write(at + "/shared.lock", uid, 80L << 20, content);
                    }
                });
    }

    /// As Tomcat does it: what is there already is not unpacked.
    private void unpack(String base) {
        file(base + "/book.war", uid);
        add(
                "unpack in " + base,
                (c, run) -> {
                    if (!c.isDirectory(base + "/book")) {
                        c.makeDirectories(base + "/book", uid, 0755);
                        c.write(base + "/book/index", uid, 100, "page");
                    }
                    if (c.find(base + "/book/index").isEmpty()) {
                        throw new ModelContainer.Refused("GET", base + "/book/index", "404");
                    }
                });
    }

    private void common() {
        if (random.nextBoolean()) {
            add(
                    "/tmp",
                    (c, run) -> {
                        c.write("/tmp/t" + run, uid, 100, "");
                        c.remove("/tmp/t" + run, uid);
                    });
        }
        if (random.nextBoolean()) {
            add(
                    "/run",
                    (c, run) -> {
                        c.makeDirectories("/run/svc", 0, 0755);
                        c.changeOwner("/run/svc", uid);
                        c.write("/run/svc/svc.pid", uid, 5, "");
                    });
        }
        if (random.nextBoolean()) {
            add(
                    "/var/log",
                    (c, run) -> {
                        c.makeDirectories("/var/log/svc", 0, 0755);
                        c.changeOwner("/var/log/svc", uid);
                        c.write("/var/log/svc/svc.log", uid, 5000, "");
                    });
        }
    }
}
