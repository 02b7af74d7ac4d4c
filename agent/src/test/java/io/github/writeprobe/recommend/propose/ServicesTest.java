package io.github.writeprobe.recommend.propose;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.writes.FileType;
import org.junit.jupiter.api.Test;

/// What is proposed for services as distributions package them.
class ServicesTest {
    @Test
    void nginxOfDebian() {
        ContainerFixture fixture =
                ContainerFixture.of("shop/web:7")
                        .command("nginx", "-g", "daemon off;")
                        .directory("/var/lib/nginx", 0755, 0, 0)
                        .directory("/var/log/nginx", 0755, 0, 4)
                        .file("/var/log/nginx/access.log", 0)
                        .file("/var/log/nginx/error.log", 0)
                        .file("/var/www/html/index.html", 600)
                        .changed("/var/log/nginx/access.log")
                        .changed("/var/log/nginx/error.log")
                        .added("/run/nginx.pid");
        for (String name : new String[] {"body", "fastcgi", "proxy", "scgi", "uwsgi"}) {
            fixture.added("/var/lib/nginx/" + name, FileType.DIRECTORY, 33, 0);
        }
        assertThat(fixture.provisions())
                .isEqualTo(
                        "tmpfs /run 16m 755 0:0; tmpfs /var/lib/nginx 16m 755 0:0;"
                                + " tmpfs /var/log/nginx 64m 755 0:4");
        assertThat(fixture.notes()).contains("/var/log/nginx: logs there are lost");
    }

    @Test
    void nginxOfTheOfficialImage() {
        ContainerFixture fixture =
                ContainerFixture.of("docker.io/library/nginx:1.27@sha256:0")
                        .command("/docker-entrypoint.sh", "nginx", "-g", "daemon off;")
                        .directory("/var/cache/nginx", 0755, 101, 101)
                        .link("/var/log/nginx/access.log", "/dev/stdout")
                        .file("/etc/nginx/conf.d/default.conf", 1000)
                        .changed("/etc/nginx/conf.d/default.conf")
                        .added("/run/nginx.pid")
                        .added("/var/cache/nginx/client_temp", FileType.DIRECTORY, 101, 0)
                        .added("/var/cache/nginx/proxy_temp", FileType.DIRECTORY, 101, 0)
                        .added(
                                "/var/cache/nginx/uwsgi_temp/7/00/0000000007",
                                FileType.REGULAR,
                                101,
                                9);
        assertThat(fixture.provisions())
                .isEqualTo("tmpfs /run 16m 755 0:0; tmpfs /var/cache/nginx 16m 755 101:101");
        assertThat(fixture.notes())
                .contains("/etc/nginx/conf.d/default.conf: the entry point adds IPv6");
    }

    @Test
    void nginxOfTheOfficialImageWithTemplates() {
        ContainerFixture fixture =
                ContainerFixture.of("nginx:1.27")
                        .directory("/etc/nginx/templates", 0755, 0, 0)
                        .file("/etc/nginx/conf.d/default.conf", 1000)
                        .changed("/etc/nginx/conf.d/default.conf");
        assertThat(fixture.provisions()).isEqualTo("volume /etc/nginx/conf.d ?");
        assertThat(fixture.evidence()).contains("/etc/nginx/conf.d | image | the image has");
    }

    @Test
    void redisOfDebian() {
        ContainerFixture fixture =
                ContainerFixture.of("cache:1")
                        .command("redis-server", "/etc/redis/redis.conf")
                        .user(110)
                        .directory("/var/lib/redis", 0750, 110, 110)
                        .directory("/var/log/redis", 02750, 110, 4)
                        .directory("/run/redis", 0755, 110, 110)
                        .added("/var/lib/redis/dump.rdb")
                        .added("/var/log/redis/redis-server.log")
                        .added("/run/redis/redis-server.pid")
                        .wrote("redis-server", "/var/lib/redis/temp-17.rdb");
        assertThat(fixture.provisions())
                .isEqualTo(
                        "tmpfs /run/redis 16m 755 110:110; tmpfs /var/log/redis 64m 2750 110:4;"
                                + " volume /var/lib/redis");
    }

    @Test
    void postgresOfDebian() {
        String data = "/var/lib/postgresql/15/main";
        ContainerFixture fixture =
                ContainerFixture.of("orders-db:3")
                        .command("/usr/lib/postgresql/15/bin/postgres", "-D", data)
                        .user(105)
                        .directory("/var/lib/postgresql", 0755, 105, 105)
                        .directory(data, 0700, 105, 105)
                        .directory("/run/postgresql", 02775, 105, 105)
                        .directory("/var/log/postgresql", 01775, 0, 105)
                        .file(data + "/PG_VERSION", 3)
                        .file(data + "/base/1/PG_VERSION", 3)
                        .file(data + "/base/1/1259", 8192)
                        .file(data + "/base/5/1259", 8192)
                        .file(data + "/pg_wal/000000010000000000000001", 16 << 20)
                        .changed(data + "/base/1/1259")
                        .changed(data + "/base/5/1259")
                        .changed(data + "/pg_wal/000000010000000000000001")
                        .added(data + "/postmaster.pid")
                        .added("/run/postgresql/.s.PGSQL.5432", FileType.SOCKET, 105, 0)
                        .added("/run/postgresql/.s.PGSQL.5432.lock")
                        .added("/run/postgresql/15-main.pg_stat_tmp/global.stat")
                        .added("/var/log/postgresql/postgresql-15-main.log")
                        .wrote("postgres", data + "/base/1/1259");
        assertThat(fixture.provisions())
                .isEqualTo(
                        "tmpfs /run/postgresql 16m 2775 105:105;"
                                + " tmpfs /var/log/postgresql 64m 1775 0:105; volume "
                                + data);
    }

    @Test
    void unknownImageWithPostgresDataGetsAVolume() {
        String data = "/srv/pg/data";
        ContainerFixture fixture =
                ContainerFixture.of("x")
                        .command("/opt/start")
                        .user(70)
                        .directory("/srv/pg", 0700, 70, 70)
                        .file(data + "/PG_VERSION", 3)
                        .directory(data, 0700, 70, 70)
                        .changed(data + "/base/1/1259")
                        .changed(data + "/global/pg_control")
                        .added(data + "/pg_stat_tmp/global.stat");
        assertThat(fixture.provisions()).isEqualTo("volume " + data);
    }

    @Test
    void anApplicationWithUploadsAndCache() {
        ContainerFixture fixture =
                ContainerFixture.of("shop/app:2")
                        .command("/app/server")
                        .workingDirectory("/app")
                        .user(1000)
                        .directory("/app", 0755, 1000, 1000)
                        .file("/app/server", 9_000_000)
                        .directory("/app/uploads", 0755, 1000, 1000)
                        .added("/app/uploads/1.png")
                        .added("/app/cache/ab/1")
                        .wrote("server", "/app/cache/ab/2");
        assertThat(fixture.provisions())
                .isEqualTo("tmpfs /app/cache 16m 755 0:0; volume /app/uploads");
    }

    @Test
    void pythonThatCompilesEverywhere() {
        ContainerFixture fixture =
                ContainerFixture.of("x")
                        .command("/usr/bin/python3", "/srv/app.py")
                        .file("/usr/lib/python3/dist-packages/a/x.py", 9)
                        .added("/usr/lib/python3/dist-packages/a/__pycache__/x.cpython-311.pyc")
                        .added("/usr/lib/python3.11/json/__pycache__/y.cpython-311.pyc")
                        .addedDirectory("/usr/lib/python3.11/__pycache__");
        assertThat(fixture.provisions()).isEqualTo("set PYTHONDONTWRITEBYTECODE=1");
    }

    @Test
    void cron() {
        assertThat(
                        ContainerFixture.of("x")
                                .command("cron", "-f")
                                .added("/run/crond.pid")
                                .provisions())
                .isEqualTo("tmpfs /run 16m 755 0:0");
    }

    @Test
    void sshdDirectoryOfTheImageGetsItsOwnTmpfs() {
        ContainerFixture fixture =
                ContainerFixture.of("x")
                        .command("/usr/sbin/sshd", "-D")
                        .directory("/run/sshd", 0755, 0, 0)
                        .added("/run/sshd.pid");
        assertThat(fixture.provisions())
                .isEqualTo("tmpfs /run 16m 755 0:0; tmpfs /run/sshd 16m 755 0:0");
        assertThat(fixture.evidence()).contains("the tmpfs on /run would hide");
    }

    @Test
    void sshdThatMakesItsDirectory() {
        ContainerFixture fixture =
                ContainerFixture.of("x")
                        .command("/usr/sbin/sshd", "-D")
                        .addedDirectory("/run/sshd");
        assertThat(fixture.provisions()).isEqualTo("tmpfs /run/sshd 16m 700 0:0");
    }

    @Test
    void memcachedWritesNothing() {
        ContainerFixture fixture = ContainerFixture.of("memcached:1").command("memcached");
        assertThat(fixture.provisions()).isEmpty();
        assertThat(fixture.notes()).contains("a read-only root filesystem is all that is needed");
    }

    @Test
    void mosquittoOfDebian() {
        ContainerFixture fixture =
                ContainerFixture.of("x")
                        .command("mosquitto", "-c", "/etc/mosquitto/mosquitto.conf")
                        .user(108)
                        .directory("/var/lib/mosquitto", 0755, 108, 108)
                        .directory("/var/log/mosquitto", 0755, 108, 108)
                        .added("/var/lib/mosquitto/mosquitto.db")
                        .added("/var/log/mosquitto/mosquitto.log")
                        .added("/run/mosquitto/mosquitto.pid");
        assertThat(fixture.provisions())
                .isEqualTo(
                        "tmpfs /run/mosquitto 16m 755 0:0; tmpfs /var/log/mosquitto 64m 755 108:108;"
                                + " volume /var/lib/mosquitto");
    }

    @Test
    void haproxyOfDebian() {
        ContainerFixture fixture =
                ContainerFixture.of("x")
                        .command("haproxy", "-f", "/etc/haproxy/haproxy.cfg")
                        .directory("/var/lib/haproxy", 0755, 0, 0)
                        .directory("/run/haproxy", 02775, 107, 107)
                        .added("/run/haproxy/admin.sock", FileType.SOCKET, 0, 0)
                        .added("/run/haproxy.pid");
        assertThat(fixture.provisions())
                .isEqualTo("tmpfs /run 16m 755 0:0; tmpfs /run/haproxy 16m 2775 107:107");
    }

    @Test
    void apacheOfDebian() {
        ContainerFixture fixture =
                ContainerFixture.of("x")
                        .command("apache2ctl", "-D", "FOREGROUND")
                        .directory("/var/log/apache2", 0750, 0, 4)
                        .link("/var/run", "/run")
                        .link("/var/lock", "/run/lock")
                        .added("/run/apache2/apache2.pid")
                        .added("/run/apache2/cgisock.7", FileType.SOCKET, 33, 0)
                        .added("/run/lock/apache2", FileType.DIRECTORY, 33, 0)
                        .added("/var/log/apache2/access.log")
                        .added("/var/log/apache2/other_vhosts_access.log");
        assertThat(fixture.provisions())
                .isEqualTo(
                        "tmpfs /run/apache2 16m 755 0:0; tmpfs /run/lock/apache2 16m 700 33:33;"
                                + " tmpfs /var/log/apache2 64m 750 0:4");
    }

    @Test
    void kestrelIsRecognisedByItsEnvironment() {
        assertThat(
                        ContainerFixture.of("shop/api:1")
                                .env("ASPNETCORE_URLS", "http://+:80")
                                .provisions())
                .isEqualTo(
                        "set COMPlus_EnableDiagnostics=0; set DOTNET_CLI_TELEMETRY_OPTOUT=1;"
                                + " set DOTNET_EnableDiagnostics=0; tmpfs /tmp 64m 1777 0:0");
    }

    @Test
    void redisInItsVolume() {
        ContainerFixture fixture =
                ContainerFixture.of("redis:7")
                        .command("docker-entrypoint.sh", "redis-server")
                        .volume("/data")
                        .mount(MountKind.VOLUME, "a".repeat(64), "/data")
                        .wrote("redis-server", "/data/dump.rdb");
        assertThat(fixture.provisions()).isEqualTo("keep /data used");
        assertThat(fixture.notes()).contains("/data is an anonymous volume");
    }
}
