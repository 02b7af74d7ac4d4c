package io.github.writeprobe.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// Checks passwords against bcrypt hashes, which is slow by design.
///
/// One password is checked at a time, on a thread of its own. After a wrong one, that thread pauses
/// for three times as long as the check took, two seconds at most. So guessing takes a quarter of a
/// processor at most. Results are cached under a keyed digest, so the password of a scraper is
/// checked once. A password of an unknown user is checked against the hash of a known one, so that
/// it takes as long.
final class PasswordCheck implements AutoCloseable {
    /// The result of a check.
    enum Decision {
        ACCEPTED,
        REFUSED,
        /// Too many other passwords are waiting to be checked.
        BUSY
    }

    private static final String SCHEME = "Basic ";
    private static final String DIGEST = "HmacSHA256";
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_QUEUED = 16;
    private static final int MAX_CACHED = 1000;
    private static final int DELAY_FACTOR = 3;
    private static final Duration MAX_DELAY = Duration.ofSeconds(2);

    private record Credentials(String user, String password) {}

    private final SecretKeySpec secret;
    private final Map<String, Boolean> accepted = boundedCache();
    private final Map<String, Boolean> refused = boundedCache();
    private final Map<String, CompletableFuture<Boolean>> running = new LinkedHashMap<>();
    private final ThreadPoolExecutor checker;

    PasswordCheck() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.secret = new SecretKeySpec(random, DIGEST);
        this.checker =
                new ThreadPoolExecutor(
                        1,
                        1,
                        10,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MAX_QUEUED),
                        Thread.ofPlatform().daemon().name("web-password").factory());
        checker.allowCoreThreadTimeOut(true);
    }

    /// A cache that removes the least recently used entry. Wrong passwords have a cache of their
    /// own, so they cannot displace right ones.
    private static Map<String, Boolean> boundedCache() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > MAX_CACHED;
            }
        };
    }

    /// @param users names and hashes, at least one
    /// @param authorization the header; empty if there is none
    Decision check(Map<String, String> users, Optional<String> authorization)
            throws InterruptedException {
        Optional<Credentials> credentials = authorization.flatMap(PasswordCheck::credentials);
        if (credentials.isEmpty()) {
            return Decision.REFUSED;
        }
        String user = credentials.get().user();
        String password = credentials.get().password();
        Optional<String> hash = Optional.ofNullable(users.get(user));
        String compared = hash.orElseGet(() -> users.values().iterator().next());
        String digest = digest(user, compared, password);
        CompletableFuture<Boolean> outcome;
        try {
            outcome =
                    outcome(
                            digest,
                            () ->
                                    OpenBSDBCrypt.checkPassword(compared, password.getBytes(UTF_8))
                                            && hash.isPresent());
        } catch (RejectedExecutionException e) {
            return Decision.BUSY;
        }
        try {
            return outcome.get(CHECK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    ? Decision.ACCEPTED
                    : Decision.REFUSED;
        } catch (TimeoutException e) {
            return Decision.BUSY;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Credentials> credentials(String header) {
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        try {
            String text =
                    new String(
                            Base64.getDecoder().decode(header.substring(SCHEME.length()).strip()),
                            UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(
                            new Credentials(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The cached result, or the result of a running check, which equal requests share.
    private synchronized CompletableFuture<Boolean> outcome(String digest, BooleanSupplier check) {
        if (accepted.get(digest) != null) {
            return CompletableFuture.completedFuture(true);
        }
        if (refused.get(digest) != null) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> known = running.get(digest);
        if (known != null) {
            return known;
        }
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        checker.execute(() -> runCheck(digest, check, outcome));
        running.put(digest, outcome);
        return outcome;
    }

    private void runCheck(
            String digest, BooleanSupplier check, CompletableFuture<Boolean> outcome) {
        long start = System.nanoTime();
        boolean correct = check.getAsBoolean();
        long took = System.nanoTime() - start;
        cache(digest, correct);
        outcome.complete(correct);
        if (!correct) {
            pause(Duration.ofNanos(Math.min(MAX_DELAY.toNanos(), DELAY_FACTOR * took)));
        }
    }

    private synchronized void cache(String digest, boolean correct) {
        (correct ? accepted : refused).put(digest, correct);
        running.remove(digest);
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A digest of everything that the result depends on. It includes the lengths of the parts, so
    /// that their boundaries matter.
    private String digest(String... parts) {
        try {
            Mac mac = Mac.getInstance(DIGEST);
            mac.init(secret);
            for (String part : parts) {
                byte[] bytes = part.getBytes(UTF_8);
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                mac.update(bytes);
            }
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        checker.shutdownNow();
    }
}
