package io.github.writeprobe.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Severity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.maven.plugin.surefire.log.api.NullConsoleLogger;
import org.apache.maven.plugins.surefire.report.ReportTestCase;
import org.apache.maven.plugins.surefire.report.ReportTestSuite;
import org.apache.maven.plugins.surefire.report.TestSuiteXmlParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

class JunitFormatTest {
    @Test
    void anotherReaderCountsWhatWeCount() throws Exception {
        // This reader makes a suite for each class name, which is a Compose project here.
        List<ReportTestSuite> suites = suites("mixed", Severity.HIGH);
        assertThat(suites)
                .extracting(ReportTestSuite::getFullClassName)
                .containsExactly(Reports.LOCAL, "shop", Reports.REMOTE);
        assertThat(suites.stream().mapToInt(ReportTestSuite::getNumberOfTests).sum()).isEqualTo(9);
        assertThat(suites.stream().mapToInt(ReportTestSuite::getNumberOfFailures).sum())
                .isEqualTo(2);
        assertThat(suites.stream().mapToInt(ReportTestSuite::getNumberOfErrors).sum()).isEqualTo(3);
        assertThat(suites.stream().mapToInt(ReportTestSuite::getNumberOfSkipped).sum())
                .isEqualTo(1);
    }

    @Test
    void aFindingAtTheThresholdFails() throws Exception {
        ReportTestCase api = testCase("mixed", Severity.HIGH, "api");
        assertThat(api.hasFailure()).isTrue();
        assertThat(api.getFullClassName()).isEqualTo("shop");
        assertThat(api.getFailureType()).isEqualTo("exposed");
        assertThat(api.getFailureMessage()).isEqualTo("The root filesystem is writable");
        assertThat(api.getFailureDetail())
                .contains("high exposed /: The root filesystem is writable")
                .contains("evidence: exec as service: writable")
                .contains("remedy: Set read_only: true");
    }

    @Test
    void aFindingBelowTheThresholdPasses() throws Exception {
        assertThat(testCase("mixed", Severity.HIGH, "node-agent").isSuccessful()).isTrue();
        assertThat(testCase("mixed", Severity.MEDIUM, "node-agent").hasFailure()).isTrue();
        assertThat(Rendered.text(new JunitFormat(Severity.HIGH), "mixed"))
                .contains("<system-out>medium bypassable /: The container is privileged");
    }

    @Test
    void aWaivedFindingPassesAndIsListedInTheOutput() throws Exception {
        assertThat(testCase("mixed", Severity.HIGH, "legacy-billing").isSuccessful()).isTrue();
        assertThat(Rendered.text(new JunitFormat(Severity.HIGH), "mixed"))
                .contains(
                        "waived: high exposed /: The root filesystem is writable. Waiver: vendor"
                                + " image, replaced in Q1 (payments, until 2027-03-31)");
    }

    @ParameterizedTest
    @EnumSource(Severity.class)
    void whatCouldNotBeVerifiedIsAnErrorForEveryThreshold(Severity failOn) throws Exception {
        for (String name : List.of("resolver", "batch")) {
            ReportTestCase testCase = testCase("mixed", failOn, name);
            assertThat(testCase.hasError()).isTrue();
            assertThat(testCase.getFailureType()).isEqualTo("unverified");
        }
    }

    @Test
    void anEngineThatDidNotAnswerIsAnError() throws Exception {
        ReportTestSuite remote = suites("mixed", Severity.HIGH).getLast();
        assertThat(remote.getFullClassName()).isEqualTo(Reports.REMOTE);
        assertThat(remote.getNumberOfErrors()).isOne();
        assertThat(remote.getTestCases().getFirst().getFailureMessage())
                .startsWith("The engine did not answer: Connection refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "compliant", "mixed", "hostile"})
    void everyReportIsWellFormed(String name) throws Exception {
        Document document = document(Rendered.text(new JunitFormat(Severity.HIGH), name));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("testsuites");
    }

    @Test
    void countsAreThoseOfTheElements() throws Exception {
        Element root =
                document(Rendered.text(new JunitFormat(Severity.HIGH), "mixed"))
                        .getDocumentElement();
        assertThat(root.getAttribute("tests")).isEqualTo(count(root, "testcase"));
        assertThat(root.getAttribute("failures")).isEqualTo(count(root, "failure"));
        assertThat(root.getAttribute("errors")).isEqualTo(count(root, "error"));
    }

    @Test
    void untrustedTextForgesNoElement() throws Exception {
        Element root =
                document(Rendered.text(new JunitFormat(Severity.HIGH), "hostile"))
                        .getDocumentElement();
        assertThat(count(root, "testcase")).isEqualTo("4");
        assertThat(count(root, "failure")).isEqualTo("1");
        assertThat(count(root, "error")).isEqualTo("2");
        assertThat(count(root, "skipped")).as("the excluded containers").isEqualTo("1");
        NodeList all = root.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            assertThat(((Element) all.item(i)).getTagName())
                    .isIn("testsuite", "testcase", "failure", "error", "skipped", "system-out");
        }
    }

    private static String count(Element root, String tag) {
        return Integer.toString(root.getElementsByTagName(tag).getLength());
    }

    private static ReportTestCase testCase(String report, Severity failOn, String name)
            throws IOException, SAXException, ParserConfigurationException {
        return suites(report, failOn).stream()
                .flatMap(suite -> suite.getTestCases().stream())
                .filter(testCase -> testCase.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<ReportTestSuite> suites(String report, Severity failOn)
            throws IOException, SAXException, ParserConfigurationException {
        byte[] xml =
                Rendered.text(new JunitFormat(failOn), report).getBytes(StandardCharsets.UTF_8);
        return new TestSuiteXmlParser(new NullConsoleLogger())
                .parse(
                        new InputStreamReader(
                                new ByteArrayInputStream(xml), StandardCharsets.UTF_8));
    }

    private static Document document(String xml)
            throws IOException, SAXException, ParserConfigurationException {
        DocumentBuilder builder =
                DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder();
        builder.setErrorHandler(new Strict());
        return builder.parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    private static final class Strict implements ErrorHandler {
        @Override
        public void warning(SAXParseException warning) throws SAXException {
            throw warning;
        }

        @Override
        public void error(SAXParseException error) throws SAXException {
            throw error;
        }

        @Override
        public void fatalError(SAXParseException error) throws SAXException {
            throw error;
        }
    }
}
