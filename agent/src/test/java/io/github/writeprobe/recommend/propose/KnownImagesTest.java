package io.github.writeprobe.recommend.propose;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.recommend.known.AnyImageHints;
import io.github.writeprobe.recommend.known.KnownImage;
import io.github.writeprobe.recommend.known.KnownImageCriteria;
import io.github.writeprobe.recommend.known.KnownImages;
import io.github.writeprobe.recommend.known.KnownPath;
import io.github.writeprobe.recommend.known.Lifetime;
import io.github.writeprobe.recommend.known.MountPlacementRules;
import io.github.writeprobe.recommend.known.PathHint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The known images, one row for each.
class KnownImagesTest {
    @ParameterizedTest(name = "{0} writes {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                // image | environment or command | written paths, separated by spaces | proposal,
                // without details
                "nginx:1.27 | | /run/nginx.pid /var/cache/nginx/a/1 | tmpfs /run, tmpfs /var/cache/nginx",
                "httpd:2.4 | | /usr/local/apache2/logs/httpd.pid | tmpfs /usr/local/apache2/logs",
                "haproxy:3 | | /var/lib/haproxy/stats.sock | tmpfs /var/lib/haproxy",
                "traefik:3 | | /acme/acme.json /plugins-storage/x /tmp/x | tmpfs /plugins-storage, tmpfs /tmp, volume /acme",
                "caddy:2 | | /config/caddy/autosave.json /data/caddy/x | tmpfs /config, volume /data",
                "envoyproxy/envoy:v1 | | /var/log/envoy/access.log | tmpfs /var/log/envoy",
                "postgres:16 | | /var/lib/postgresql/data/base/1 /run/postgresql/x | tmpfs /run/postgresql, volume /var/lib/postgresql/data",
                "postgres:18 | | /var/lib/postgresql/18/docker/base/1 | volume /var/lib/postgresql/18/docker",
                "mysql:8 | | /var/lib/mysql/a /run/mysqld/mysqld.sock | tmpfs /run/mysqld, tmpfs /tmp, volume /var/lib/mysql",
                "mariadb:11 | | /var/lib/mysql/a | tmpfs /tmp, volume /var/lib/mysql",
                "redis:7 | | /data/dump.rdb | volume /data",
                "mongo:7 | | /data/db/x /data/configdb/y | tmpfs /tmp, volume /data/configdb, volume /data/db",
                "docker.elastic.co/elasticsearch/elasticsearch:8 | | /usr/share/elasticsearch/data/x /usr/share/elasticsearch/logs/gc.log /usr/share/elasticsearch/config/elasticsearch.keystore | tmpfs /tmp, tmpfs /usr/share/elasticsearch/logs, volume /usr/share/elasticsearch/config, volume /usr/share/elasticsearch/data",
                "opensearchproject/opensearch:2 | | /usr/share/opensearch/data/x | tmpfs /tmp, volume /usr/share/opensearch/data",
                "rabbitmq:4 | | /var/lib/rabbitmq/mnesia/x /var/log/rabbitmq/x.log /etc/rabbitmq/enabled_plugins | tmpfs /tmp, tmpfs /var/log/rabbitmq, volume /var/lib/rabbitmq",
                "apache/kafka:4 | | /tmp/kraft-combined-logs/x /opt/kafka/config/x /opt/kafka/logs/y.log | tmpfs /opt/kafka/config, tmpfs /opt/kafka/logs, volume /tmp/kraft-combined-logs",
                "apache/kafka:4 | | /var/lib/kafka/data/x | volume /var/lib/kafka/data",
                "eclipse-temurin:21 | java | /tmp/hsperfdata_root/1 | set JAVA_TOOL_OPTIONS",
                "tomcat:10 | | /usr/local/tomcat/logs/a.log /usr/local/tomcat/work/b /usr/local/tomcat/temp/c | tmpfs /usr/local/tomcat/logs, tmpfs /usr/local/tomcat/temp, tmpfs /usr/local/tomcat/work",
                "shop/boot:1 | java | /tmp/tomcat.8080.1/x | tmpfs /tmp/tomcat.8080.1",
                "jetty:12 | | /tmp/jetty/x /run/jetty/jetty.state | tmpfs /run/jetty, tmpfs /tmp/jetty",
                "node:22 | npm | /root/.npm/_logs/x /root/.npm/_update-notifier-last-checked | set npm_config_logs_max, set npm_config_update_notifier",
                "node:22 | node | /app/.next/cache/x /tmp/node-compile-cache/y | set NODE_DISABLE_COMPILE_CACHE, tmpfs /app/.next/cache",
                "python:3.13 | python3 | /usr/lib/python3/__pycache__/x.pyc | set PYTHONDONTWRITEBYTECODE",
                "shop/api:1 | gunicorn | /tmp/wgunicorn-x | set GUNICORN_CMD_ARGS, set PYTHONDONTWRITEBYTECODE, tmpfs /tmp",
                "php:8-fpm | | /var/www/html/uploads/x | tmpfs /tmp, volume /var/www/html/uploads",
                "ruby:3 | puma | /app/tmp/pids/x /app/tmp/cache/y /app/storage/z.sqlite3 | tmpfs /app/tmp/cache, tmpfs /app/tmp/pids, volume /app/storage",
                "ruby:3 | rails | /app/tmp/cache/bootsnap/x | set BOOTSNAP_READONLY",
                "grafana/grafana:11 | | /var/lib/grafana/grafana.db /var/log/grafana/grafana.log | set GF_LOG_MODE, volume /var/lib/grafana",
                "prom/prometheus:3 | | /prometheus/wal/1 | volume /prometheus",
                "wordpress:6 | | /srv/site/wp-content/uploads/x | tmpfs /tmp, volume /srv/site/wp-content/uploads",
                "nextcloud:30 | | /var/www/html/config/config.php | tmpfs /tmp, volume /var/www/html",
                "jenkins/jenkins:lts | | /var/jenkins_home/x /var/jenkins_cache/y | tmpfs /tmp, tmpfs /var/jenkins_cache, volume /var/jenkins_home",
                "quay.io/keycloak/keycloak:26 | | /opt/keycloak/data/tmp/x /opt/keycloak/data/h2/y | tmpfs /opt/keycloak/data/tmp, tmpfs /tmp, volume /opt/keycloak/data/h2",
                "gitea/gitea:1-rootless | | /var/lib/gitea/x /etc/gitea/app.ini | volume /etc/gitea, volume /var/lib/gitea",
                "hashicorp/vault:1 | | /vault/file/x /vault/logs/audit.log /home/vault/.token | set SKIP_CHOWN, set SKIP_SETCAP, tmpfs /home/vault, volume /vault/file, volume /vault/logs",
                "registry:3 | | /var/lib/registry/docker/x | volume /var/lib/registry",
                "shop/logs:1 | rsyslogd | /var/log/syslog /var/spool/rsyslog/q1 | volume /var/log, volume /var/spool/rsyslog",
                "shop/mail:1 | exim4 | /var/spool/exim4/input/1x-D /var/mail/alice /var/log/exim4/mainlog | tmpfs /var/log/exim4, volume /var/mail, volume /var/spool/exim4/input",
                "linuxserver/x:1 | s6 | /run/s6/x | set S6_READ_ONLY_ROOT, tmpfs /run exec",
            })
    void aPopularImage(String image, String program, String written, String expected) {
        ContainerFixture fixture =
                ContainerFixture.of(image)
                        .file("/app/main", 100)
                        .file("/var/www/html/index.php", 100);
        if ("s6".equals(program)) {
            fixture.directory("/etc/s6-overlay", 0755, 0, 0);
        } else if (program != null) {
            fixture.command(program);
        }
        Arrays.stream(written.split(" ", -1)).forEach(fixture::added);
        assertThat(
                        fixture.proposal().provisions().stream()
                                .map(KnownImagesTest::withoutDetails)
                                .collect(Collectors.joining(", ")))
                .isEqualTo(expected);
    }

    private static String withoutDetails(ProposalItem provision) {
        String text = ProposalDigest.of(provision);
        boolean execute = text.endsWith(" exec");
        return text.replaceAll("=.*| \\d+m .*", "") + (execute ? " exec" : "");
    }

    @Test
    void everyRowHasASource() {
        assertThat(ContainerFixture.SHIPPED.images())
                .hasSizeGreaterThan(35)
                .allSatisfy(i -> assertThat(i.source()).isNotBlank())
                .allSatisfy(i -> assertThat(i.patterns()).isNotEmpty());
    }

    @Test
    void evidenceNamesTheKindItsSignAndItsSource() {
        ContainerFixture fixture =
                ContainerFixture.of("registry.example:5000/mirror/redis:7").added("/data/dump.rdb");
        assertThat(fixture.evidence())
                .contains(
                        "/data | known | /data: snapshots and append-only files (redis, matched by"
                                + " image redis; docker-library/redis#109; Debian's redis-server)");
    }

    @Test
    void knownImageIsRecognisedByTheWritingProcess() {
        ContainerFixture fixture =
                ContainerFixture.of("x")
                        .command("/start")
                        .wrote("redis-server", "/data/x")
                        .added("/data/y");
        assertThat(fixture.provisions()).isEqualTo("volume /data");
    }

    @Test
    void aUsersRowComesFirstAndReplacesItsNamesake() {
        KnownPath cache = new KnownPath("/data", Lifetime.EPHEMERAL, "a cache", false, false);
        KnownImage redis =
                new KnownImage(
                        "redis",
                        "ours",
                        List.of(
                                new KnownImageCriteria(
                                        Map.of(KnownImageCriteria.Field.IMAGE, "redis"))),
                        List.of(cache),
                        List.of(),
                        List.of());
        KnownImages known =
                ContainerFixture.SHIPPED.with(new KnownImages(List.of(redis), AnyImageHints.NONE));

        assertThat(known.images()).hasSameSizeAs(ContainerFixture.SHIPPED.images());
        assertThat(
                        ProposalDigest.of(
                                new Proposer(known)
                                        .propose(
                                                ContainerFixture.of("redis:7")
                                                        .added("/data/dump.rdb")
                                                        .observed())))
                .isEqualTo("tmpfs /data 16m 755 0:0");
    }

    @Test
    void aUsersHintComesFirst() {
        AnyImageHints hints =
                new AnyImageHints(
                        List.of(new PathHint("*/spool/*", Lifetime.PERSISTENT, "orders")),
                        MountPlacementRules.NONE,
                        List.of());
        KnownImages known = ContainerFixture.SHIPPED.with(new KnownImages(List.of(), hints));
        assertThat(
                        ProposalDigest.of(
                                new Proposer(known)
                                        .propose(
                                                ContainerFixture.of("x")
                                                        .added("/run/spool/x.pid")
                                                        .observed())))
                .isEqualTo("volume /run/spool");
    }

    @ParameterizedTest
    @CsvSource({
        "nginx, nginx",
        "nginx:1.27, nginx",
        "library/nginx, nginx",
        "docker.io/library/nginx:1@sha256:00, nginx",
        "localhost/nginx, nginx",
        "registry.example:5000/base/nginx:1, base/nginx nginx",
        "grafana/grafana-oss, grafana/grafana-oss grafana-oss",
        "sha256:00, sha256",
        "'', ''",
    })
    void anImagesNameIsItsRepository(String image, String names) {
        assertThat(KnownImageMatcher.repositoryNames(image).collect(Collectors.joining(" ")))
                .isEqualTo(names);
    }
}
