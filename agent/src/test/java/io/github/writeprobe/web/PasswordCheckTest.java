package io.github.writeprobe.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.web.PasswordCheck.Verdict;
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

/// Whose password is accepted, and what checking costs.
class PasswordCheckTest {
    private static final int COST = 11;
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

    private Verdict check(String user, String password) throws Exception {
        return passwords.check(USERS, basic(user, password));
    }

    private static Duration time(Callable<?> work) throws Exception {
        long start = System.nanoTime();
        work.call();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void theRightPasswordOfTheRightUserIsAccepted() throws Exception {
        assertThat(check("alice", "secret: ü")).isEqualTo(Verdict.ACCEPTED);
        assertThat(check("alice", "secret")).isEqualTo(Verdict.REFUSED);
        assertThat(check("bob", "secret: ü")).isEqualTo(Verdict.REFUSED);
        assertThat(check("", "")).isEqualTo(Verdict.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2a", "2b", "2y"})
    void everyVersionOfBcryptIsRead(String version) throws Exception {
        assertThat(passwords.check(Map.of("a", hash(version, "b")), basic("a", "b")))
                .isEqualTo(Verdict.ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic", "Basic !", "Basic YWxpY2U=", "Bearer YWxpY2U6Yg=="})
    void whatIsNoPasswordIsRefused(String header) throws Exception {
        assertThat(passwords.check(USERS, Optional.of(header))).isEqualTo(Verdict.REFUSED);
        assertThat(passwords.check(USERS, Optional.empty())).isEqualTo(Verdict.REFUSED);
    }

    @Test
    void aChangedHashIsCheckedAnew() throws Exception {
        check("alice", "secret: ü");

        assertThat(passwords.check(Map.of("alice", hash("2y", "new")), basic("alice", "secret: ü")))
                .isEqualTo(Verdict.REFUSED);
    }

    @Test
    void aPasswordIsCheckedOnce() throws Exception {
        Duration first = time(() -> check("alice", "secret: ü"));
        Duration again =
                time(() -> {
                    for (int i = 0; i < 50; i++) {
                        assertThat(check("alice", "secret: ü")).isEqualTo(Verdict.ACCEPTED);
                    }
                    return true;
                });

        assertThat(again).isLessThan(first);
    }

    @Test
    void fiftyAtOnceWaitForOneCheck() throws Exception {
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> verdicts =
                    IntStream.range(0, 50)
                            .mapToObj(i -> many.submit(() -> check("alice", "secret: ü")))
                            .toList();

            assertThat(verdicts.stream().map(PasswordCheckTest::join))
                    .containsOnly(Verdict.ACCEPTED);
        }
    }

    @Test
    void anUnknownUserTakesAsLongAsAKnownOne() throws Exception {
        check("alice", "warm up");
        Thread.sleep(1000);
        Duration known = time(() -> check("alice", "wrong"));
        Thread.sleep(1000);
        // The shorter of two, since whatever else the machine does takes its time from either.
        Duration again = time(() -> check("alice", "wrong, too"));
        known = known.compareTo(again) < 0 ? known : again;
        Thread.sleep(1000);
        Duration unknown = time(() -> check("bob", "wrong"));

        assertThat(unknown).isGreaterThan(known.dividedBy(3));
    }

    @Test
    void guessesAreNotAllChecked() throws Exception {
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> verdicts =
                    IntStream.range(0, 60)
                            .mapToObj(i -> many.submit(() -> check("alice", "guess " + i)))
                            .toList();
            Stream<Verdict> all = verdicts.stream().map(PasswordCheckTest::join);

            assertThat(all).contains(Verdict.BUSY).doesNotContain(Verdict.ACCEPTED);
        }
    }

    private static Verdict join(Future<Verdict> verdict) {
        try {
            return verdict.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoHasBeenAcceptedIsNotHeldUpByGuesses() throws Exception {
        check("alice", "secret: ü");
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 30; i++) {
                int number = i;
                Future<Verdict> _ = many.submit(() -> check("alice", "guess " + number));
            }
            assertThat(time(() -> check("alice", "secret: ü"))).isLessThan(Duration.ofMillis(300));
            passwords.close();
            many.shutdownNow();
        }
    }
}
