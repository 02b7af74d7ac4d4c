package io.github.writeprobe.report;

import io.github.writeprobe.model.Diagnosis;
import io.github.writeprobe.text.AsciiJsonWriter;
import java.io.IOException;
import java.io.Writer;

/// A diagnosis as JSON.
public final class DiagnosisJson {
    private static final String SCHEMA = "writeprobe/doctor/v1";

    private DiagnosisJson() {}

    public static void write(Diagnosis diagnosis, Writer out) throws IOException {
        AsciiJsonWriter.write(
                out,
                json -> {
                    json.text("schema", SCHEMA);
                    json.text("version", diagnosis.toolVersion());
                    json.number("answeringEngines", diagnosis.answeringEngines());
                    json.objects(
                            "checks",
                            diagnosis.checks(),
                            check -> {
                                json.text("area", check.area().label());
                                json.text("subject", check.subject());
                                json.text("state", check.state().label());
                                json.text("detail", check.detail());
                                json.textIfAny("remedy", check.remedy());
                            });
                });
    }
}
