package io.github.writeprobe.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.web.PasswordCheck.Decision;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which passwords are accepted, and what checking costs.
class PasswordCheckTest {
    private static final int COST = 8;
    private static final Map<String, String> USERS = Map.of("alice", hash("2y", "secret: ü"));

    private final PasswordCheck passwords = new PasswordCheck();

    @AfterEach
    void close() {
        passwords.close();
    }

    private static String hash(String version, String password) {
        return OpenBSDBCrypt.generate(
                version, password.getBytes(UTF_8), "0123456789abcdef".getBytes(UTF_8), COST);
    }

    private static Optional<String> basic(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(UTF_8);
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(both));
    }

    private Decision check(String user, String password) throws Exception {
        return passwords.check(USERS, basic(user, password));
    }

    private static Duration time(Callable<?> action) throws Exception {
        long start = System.nanoTime();
        action.call();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void theRightPasswordOfTheRightUserIsAccepted() throws Exception {
        assertThat(check("alice", "secret: ü")).isEqualTo(Decision.ACCEPTED);
        assertThat(check("alice", "secret")).isEqualTo(Decision.REFUSED);
        assertThat(check("bob", "secret: ü")).isEqualTo(Decision.REFUSED);
        assertThat(check("", "")).isEqualTo(Decision.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2a", "2b", "2y"})
    void everyVersionOfBcryptIsRead(String version) throws Exception {
        assertThat(passwords.check(Map.of("a", hash(version, "b")), basic("a", "b")))
                .isEqualTo(Decision.ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic", "Basic !", "Basic YWxpY2U=", "Bearer YWxpY2U6Yg=="})
    void whatIsNoPasswordIsRefused(String header) throws Exception {
        assertThat(passwords.check(USERS, Optional.of(header))).isEqualTo(Decision.REFUSED);
        assertThat(passwords.check(USERS, Optional.empty())).isEqualTo(Decision.REFUSED);
    }

    @Test
    void aChangedHashIsCheckedAnew() throws Exception {
        check("alice", "secret: ü");

        assertThat(passwords.check(Map.of("alice", hash("2y", "new")), basic("alice", "secret: ü")))
                .isEqualTo(Decision.REFUSED);
    }

    @Test
    void aPasswordIsCheckedOnce() throws Exception {
        Duration first = time(() -> check("alice", "secret: ü"));
        Duration again =
                time(() -> {
                    for (int i = 0; i < 50; i++) {
                        assertThat(check("alice", "secret: ü")).isEqualTo(Decision.ACCEPTED);
                    }
                    return true;
                });

        assertThat(again).isLessThan(first);
    }

    @Test
    void fiftyAtOnceWaitForOneCheck() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Decision>> decisions =
                    IntStream.range(0, 50)
                            .mapToObj(i -> executor.submit(() -> check("alice", "secret: ü")))
                            .toList();

            assertThat(decisions.stream().map(PasswordCheckTest::join))
                    .containsOnly(Decision.ACCEPTED);
        }
    }

    @Test
    void anUnknownUserTakesAsLongAsAKnownOne() throws Exception {
        check("alice", "warm up");
        Thread.sleep(1000);
        Duration known = time(() -> check("alice", "wrong"));
        Thread.sleep(1000);
        // The shorter of two runs, because other work of the machine only makes them longer.
        Duration again = time(() -> check("alice", "wrong, too"));
        known = known.compareTo(again) < 0 ? known : again;
        Thread.sleep(1000);
        Duration unknown = time(() -> check("bob", "wrong"));

        assertThat(unknown).isGreaterThan(known.dividedBy(3));
    }

    @Test
    void guessesAreNotAllChecked() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Decision>> decisions =
                    IntStream.range(0, 60)
                            .mapToObj(i -> executor.submit(() -> check("alice", "guess " + i)))
                            .toList();
            Stream<Decision> all = decisions.stream().map(PasswordCheckTest::join);

            assertThat(all).contains(Decision.BUSY).doesNotContain(Decision.ACCEPTED);
        }
    }

    private static Decision join(Future<Decision> decision) {
        try {
            return decision.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void acceptedPasswordIsNotDelayedByWrongGuesses() throws Exception {
        check("alice", "secret: ü");
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 30; i++) {
                int number = i;
                Future<Decision> _ = executor.submit(() -> check("alice", "guess " + number));
            }
            assertThat(time(() -> check("alice", "secret: ü"))).isLessThan(Duration.ofMillis(300));
            passwords.close();
            executor.shutdownNow();
        }
    }
}
