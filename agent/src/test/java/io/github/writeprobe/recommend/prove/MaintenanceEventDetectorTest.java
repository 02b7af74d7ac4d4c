package io.github.writeprobe.recommend.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.recommend.prove.Clone.ClientRequest;
import io.github.writeprobe.recommend.prove.ProofCoverage.RareEvent;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaintenanceEventDetectorTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/var/log/nginx/access.log.1",
                "/var/log/app/error.log.12.gz",
                "/var/log/httpd/error.log-20261130",
                "/var/log/app/app.log.2026-11-30"
            })
    void aRotatedLogIsRecognisedByItsName(String path) {
        assertThat(MaintenanceEventDetector.seen(List.of("/a", path), List.of()))
                .containsOnlyKeys(RareEvent.LOG_ROTATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/var/log/nginx/access.log", "/data/b.1", "/data/catalog.1x", "/x/log"})
    void otherFilesAreNoRotation(String path) {
        assertThat(MaintenanceEventDetector.seen(List.of(path), List.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "nginx -s reload, RELOAD, reload",
        "apachectl graceful, RELOAD, graceful",
        "/bin/sh -c kill -HUP 1, RELOAD, HUP",
        "nginx -s reopen, LOG_ROTATION, reopen",
        "logrotate -f /etc/logrotate.conf, LOG_ROTATION, logrotate",
        "pg_dump --password=secret shop, BACKUP, pg_dump",
        "mysqldump --all-databases, BACKUP, mysqldump",
        "redis-cli BGSAVE, BACKUP, BGSAVE",
        "etcdctl snapshot save /x, BACKUP, snapshot save",
    })
    void aCommandIsRecognisedByItsNameAndNotPrinted(String command, RareEvent event, String word) {
        assertThat(
                        MaintenanceEventDetector.seen(
                                List.of(), List.of(new ClientRequest.Command(command))))
                .containsEntry(event, "it executed a command with \"" + word + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-cli ping", "curl localhost/preloaded", "cat /etc/hupper.conf"})
    void otherCommandsAreNothingRare(String command) {
        assertThat(
                        MaintenanceEventDetector.seen(
                                List.of(), List.of(new ClientRequest.Command(command))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, true", "10, true", "12, true", "15, false", "9, false", "28, false"})
    void someSignalsAskForAReload(int number, boolean reload) {
        assertThat(
                        MaintenanceEventDetector.seen(
                                        List.of(), List.of(new ClientRequest.Signal(number)))
                                .containsKey(RareEvent.RELOAD))
                .isEqualTo(reload);
    }
}
