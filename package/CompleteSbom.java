import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;

/// Adds to an SBOM what Maven does not know: the packed Java runtime, which is the one that runs
/// this program, and that all of it together is writeprobe. Running it again changes nothing.
///
/// `java -cp JACKSON CompleteSbom.java SBOM`
final class CompleteSbom {
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        JsonMapper json = JsonMapper.builder().build();
        ObjectNode sbom = (ObjectNode) json.readTree(Files.readString(file));

        ObjectNode whole = (ObjectNode) sbom.get("metadata").get("component");
        whole.put("name", "writeprobe");
        whole.put(
                "description",
                "Verifies, by really trying, that live containers can be written only where they are"
                        + " supposed to be.");

        String version = Runtime.version().toString();
        String purl = "pkg:generic/openjdk@" + version.replace("+", "%2B");
        ArrayNode components = (ArrayNode) sbom.get("components");
        for (var component : components) {
            if (purl.equals(component.path("purl").asText())) {
                return;
            }
        }
        ObjectNode runtime = components.addObject();
        runtime.put("type", "platform");
        runtime.put("bom-ref", purl);
        runtime.put("publisher", System.getProperty("java.vendor"));
        runtime.put("name", "openjdk");
        runtime.put("version", version);
        runtime.put("description", "The Java runtime, created by jlink from a JDK");
        runtime.putArray("licenses")
                .addObject()
                .put("expression", "GPL-2.0-only WITH Classpath-exception-2.0");
        runtime.put("purl", purl);

        String own = whole.get("bom-ref").asText();
        ArrayNode dependencies = (ArrayNode) sbom.get("dependencies");
        dependencies.addObject().put("ref", purl).putArray("dependsOn");
        for (var dependency : dependencies) {
            if (own.equals(dependency.get("ref").asText())) {
                ((ArrayNode) dependency.get("dependsOn")).add(purl);
            }
        }
        Files.writeString(
                file, json.writerWithDefaultPrettyPrinter().writeValueAsString(sbom) + "\n");
    }
}
