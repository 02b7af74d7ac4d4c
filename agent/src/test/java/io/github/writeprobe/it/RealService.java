package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;

/// Real services, and typical use of them. Traffic comes from inside the container, so that no
/// network is needed, and leaves no file in it.
enum RealService {
    NGINX {
        @Override
        void use(Lab lab, String container, int n) {
            assertThat(lab.exec(container, "busybox wget -qO- http://127.0.0.1/"))
                    .contains("Welcome to nginx");
            // A body that does not fit into nginx's buffer goes to a temporary file.
            assertThat(
                            lab.exec(
                                    container,
                                    "yes | head -c 300000 | busybox wget -qO- --post-file=/dev/stdin"
                                            + " http://127.0.0.1:8080/"))
                    .contains("Welcome to nginx");
        }

        @Override
        boolean hasData(Lab lab, String container, int n) {
            return true;
        }
    },
    REDIS {
        @Override
        void use(Lab lab, String container, int n) {
            assertThat(lab.docker("exec", container, "redis-cli", "set", "key" + n, "x"))
                    .contains("OK");
            if (n % 4 == 0) {
                lab.docker("exec", container, "redis-cli", "bgsave");
            }
        }

        @Override
        boolean hasData(Lab lab, String container, int n) {
            return lab.docker("exec", container, "redis-cli", "get", "key" + n).contains("x");
        }
    },
    POSTGRES {
        @Override
        void use(Lab lab, String container, int n) {
            sql(
                    lab,
                    container,
                    "CREATE TABLE IF NOT EXISTS orders (n int); INSERT INTO orders VALUES ("
                            + n
                            + ")");
            if (n % 4 == 0) {
                // Sorts more than fits into its memory, for a temporary file.
                sql(
                        lab,
                        container,
                        "SET work_mem = '64kB'; SELECT count(*) FROM (SELECT x FROM generate_series(1, 50000) x ORDER BY -x) s; CHECKPOINT");
            }
        }

        @Override
        boolean hasData(Lab lab, String container, int n) {
            return sql(lab, container, "SELECT 'found' FROM orders WHERE n = " + n)
                    .contains("found");
        }

        private static String sql(Lab lab, String container, String statements) {
            return lab.docker(
                    "exec",
                    "-u",
                    "postgres",
                    container,
                    "psql",
                    // Not by the socket, on which the temporary server that initialises the
                    // database listens too.
                    "-h",
                    "127.0.0.1",
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-At",
                    "-c",
                    statements,
                    "shop");
        }
    };

    /// Uses the service like a user, and stores data with the number `n`.
    abstract void use(Lab lab, String container, int n);

    /// Whether the stored data exist. Always true for a service that stores nothing.
    abstract boolean hasData(Lab lab, String container, int n);

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Waits until the service answers.
    void await(Lab lab, String container) {
        AssertionError last = new AssertionError("never asked");
        for (int i = 0; i < 60; i++) {
            try {
                use(lab, container, -1);
                return;
            } catch (AssertionError notYet) {
                last = notYet;
                RunningAgent.pause(java.time.Duration.ofMillis(500));
            }
        }
        throw new AssertionError(
                container + " does not answer: " + lab.docker("logs", container), last);
    }
}
