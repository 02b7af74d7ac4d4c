package io.github.writeprobe.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Diagnosis;
import io.github.writeprobe.model.Diagnosis.Area;
import io.github.writeprobe.model.Diagnosis.Check;
import io.github.writeprobe.model.Diagnosis.State;
import io.github.writeprobe.text.TerminalStyle;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosisFormatsTest {
    private static final Diagnosis DIAGNOSIS =
            new Diagnosis(
                    "0.1.0",
                    List.of(
                            new Check(
                                    Area.ENGINES,
                                    "unix:///var/run/docker.sock",
                                    State.WORKS,
                                    "version 29.0",
                                    ""),
                            new Check(
                                    Area.ENGINES,
                                    "unix:///run/user/1000/docker.sock",
                                    State.UNUSED,
                                    "found, but not used",
                                    "writeprobe audit --host unix:///run/user/1000/docker.sock"),
                            new Check(Area.WITNESSES, "exec", State.LIMITED, "1 of 2", "be root"),
                            new Check(Area.WITNESSES, "procfs", State.FAILS, "no root", ""),
                            new Check(Area.HOST, "kernel", State.WORKS, "Linux 6.1", "")));

    private static String text(Diagnosis diagnosis, TerminalStyle style) throws IOException {
        StringWriter out = new StringWriter();
        new DiagnosisText(style).write(diagnosis, out);
        return out.toString();
    }

    private static Diagnosis oneEngine(String subject, State state, String detail) {
        return new Diagnosis("0.1.0", List.of(new Check(Area.ENGINES, subject, state, detail, "")));
    }

    @Test
    void eachCheckHasAMarkAndWhatWouldHelp() throws IOException {
        assertThat(text(DIAGNOSIS, new TerminalStyle(false, true, 80)))
                .isEqualTo(
                        """
                        ENGINES
                        ✓ unix:///var/run/docker.sock
                          version 29.0
                        - unix:///run/user/1000/docker.sock
                          found, but not used
                          → writeprobe audit --host unix:///run/user/1000/docker.sock

                        WITNESSES
                        ! exec    1 of 2
                                  → be root
                        ✗ procfs  no root

                        HOST
                        ✓ kernel  Linux 6.1

                        1 of 1 engine answered. Next: writeprobe audit
                        """);
    }

    @Test
    void withoutAnEngineNothingCanBeVerified() throws IOException {
        assertThat(text(oneEngine("unix:///nope", State.FAILS, "no socket"), TerminalStyle.PLAIN))
                .endsWith("No engine answered, so nothing can be verified from here.\n");
    }

    @Test
    void textOfAnEngineCannotReachTheTerminal() throws IOException {
        String text =
                text(
                        oneEngine("unix:///\u001b[2J", State.WORKS, "version \u001b]0;x\u0007"),
                        new TerminalStyle(true, true, 80));

        assertThat(text)
                .doesNotContain("\u001b[2J")
                .doesNotContain("\u001b]")
                .doesNotContain("\u0007");
    }

    @Test
    void jsonHasTheSame() throws IOException {
        StringWriter out = new StringWriter();
        DiagnosisJson.write(DIAGNOSIS, out);

        assertThat(out.toString())
                .startsWith(
                        """
                        {
                          "schema": "writeprobe/doctor/v1",
                          "version": "0.1.0",
                          "answeringEngines": 1,
                          "checks": [
                            {
                              "area": "engines",
                              "subject": "unix:///var/run/docker.sock",
                              "state": "works",
                              "detail": "version 29.0"
                            },
                        """)
                .contains("\"remedy\": \"be root\"");
    }
}
