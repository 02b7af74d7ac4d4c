package io.github.writeprobe.it;

import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.exec.ExecWitness;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// The exec witness fulfils the contract with each shell.
class ExecWitnessIT {
    @TestInstance(Lifecycle.PER_CLASS)
    abstract static class Shell implements WriteProbeContract {
        private final Lab lab = Lab.open();
        private final Lab.Image image;
        private final List<Engine> engines;

        Shell(Lab.Image image) throws Exception {
            this.image = image;
            this.engines = DockerEngines.open(List.of(), System.getenv(), Duration.ofSeconds(10));
        }

        @BeforeAll
        void identify() throws Exception {
            engines.getFirst().identify();
        }

        @AfterAll
        void close() {
            engines.forEach(Engine::close);
            lab.close();
        }

        @Override
        public Lab lab() {
            return lab;
        }

        @Override
        public Lab.Image image() {
            return image;
        }

        @Override
        public ProbeResult probe(String container, List<String> paths) throws Exception {
            return new ExecWitness(engines.getFirst().execs(), Duration.ofSeconds(10), true)
                    .probe(container, ProbeIdentity.SERVICE, paths);
        }
    }

    @Nested
    class Busybox extends Shell {
        Busybox() throws Exception {
            super(Lab.Image.BUSYBOX);
        }
    }

    @Nested
    class Dash extends Shell {
        Dash() throws Exception {
            super(Lab.Image.DASH);
        }
    }

    @Nested
    @Tag("long")
    class Bash extends Shell {
        Bash() throws Exception {
            super(Lab.Image.BASH);
        }
    }

    @Nested
    @Tag("long")
    class Zsh extends Shell {
        Zsh() throws Exception {
            super(Lab.Image.ZSH);
        }
    }

    @Nested
    @Tag("long")
    class Ksh93 extends Shell {
        Ksh93() throws Exception {
            super(Lab.Image.KSH93);
        }
    }

    @Nested
    @Tag("long")
    class Mksh extends Shell {
        Mksh() throws Exception {
            super(Lab.Image.MKSH);
        }
    }

    @Nested
    @Tag("long")
    class Posh extends Shell {
        Posh() throws Exception {
            super(Lab.Image.POSH);
        }
    }
}
