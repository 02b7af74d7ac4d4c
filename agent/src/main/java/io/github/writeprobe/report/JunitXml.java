package io.github.writeprobe.report;

import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Writes suites as the JUnit XML that Ant introduced, and that CI systems such as Jenkins and
/// GitLab read.
final class JunitXml {
    /// The schemas of Jenkins and Ant require a time without a zone.
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final XMLStreamWriter xml;

    private JunitXml(XMLStreamWriter xml) {
        this.xml = xml;
    }

    static void write(List<JunitTestSuite> suites, Instant startedAt, Writer out)
            throws IOException {
        try {
            out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
            XMLStreamWriter writer =
                    XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
            new JunitXml(writer).document(suites, startedAt);
            writer.close();
            out.write("\n");
            out.flush();
        } catch (XMLStreamException failed) {
            throw new IOException(failed);
        }
    }

    private void document(List<JunitTestSuite> suites, Instant startedAt)
            throws XMLStreamException {
        start(0, "testsuites");
        xml.writeAttribute("name", "writeprobe");
        xml.writeAttribute(
                "tests", Long.toString(suites.stream().mapToLong(s -> s.cases().size()).sum()));
        xml.writeAttribute(
                "failures",
                Long.toString(suites.stream().mapToLong(JunitTestSuite::failures).sum()));
        xml.writeAttribute(
                "errors", Long.toString(suites.stream().mapToLong(JunitTestSuite::errors).sum()));
        for (JunitTestSuite suite : suites) {
            suite(suite, startedAt);
        }
        end(0);
    }

    private void suite(JunitTestSuite suite, Instant startedAt) throws XMLStreamException {
        start(1, "testsuite");
        xml.writeAttribute("name", suite.name());
        xml.writeAttribute("tests", Integer.toString(suite.cases().size()));
        xml.writeAttribute("failures", Long.toString(suite.failures()));
        xml.writeAttribute("errors", Long.toString(suite.errors()));
        xml.writeAttribute("skipped", Long.toString(suite.skipped()));
        xml.writeAttribute("time", seconds(suite.duration()));
        xml.writeAttribute("timestamp", TIMESTAMP.format(startedAt));
        for (JunitCase testCase : suite.cases()) {
            testCase(testCase);
        }
        end(1);
    }

    private void testCase(JunitCase testCase) throws XMLStreamException {
        start(2, "testcase");
        xml.writeAttribute("classname", testCase.className());
        xml.writeAttribute("name", testCase.name());
        xml.writeAttribute("time", seconds(testCase.duration()));
        switch (testCase.outcome()) {
            case JunitCase.Passed _ -> {}
            case JunitCase.Skipped(String message) -> {
                start(3, "skipped");
                xml.writeAttribute("message", message);
                xml.writeEndElement();
            }
            case JunitCase.Failed(String type, String message, List<String> body) ->
                    problem("failure", type, message, body);
            case JunitCase.Errored(String type, String message, List<String> body) ->
                    problem("error", type, message, body);
        }
        if (!testCase.output().isEmpty()) {
            start(3, "system-out");
            xml.writeCharacters(String.join("\n", testCase.output()));
            xml.writeEndElement();
        }
        end(2);
    }

    private void problem(String element, String type, String message, List<String> body)
            throws XMLStreamException {
        start(3, element);
        xml.writeAttribute("type", type);
        xml.writeAttribute("message", message);
        xml.writeCharacters(String.join("\n", body));
        xml.writeEndElement();
    }

    private void start(int depth, String element) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
        xml.writeStartElement(element);
    }

    private void end(int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
        xml.writeEndElement();
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos(), 9)
                .setScale(3, RoundingMode.HALF_UP)
                .toPlainString();
    }
}
