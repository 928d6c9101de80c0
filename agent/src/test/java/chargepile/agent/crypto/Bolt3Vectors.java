package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kotlinx.serialization.json.Json;
import kotlinx.serialization.json.JsonArray;
import kotlinx.serialization.json.JsonElement;
import kotlinx.serialization.json.JsonObject;
import kotlinx.serialization.json.JsonPrimitive;
import org.junit.jupiter.api.Assumptions;

/** The vectors of BOLT 3's appendices, from the shared folder. */
public final class Bolt3Vectors {
  private Bolt3Vectors() {}

  /** The entries of a category; aborts the test when the file is not there. */
  public static List<Node> category(String category) {
    String shared =
        Optional.ofNullable(System.getProperty("chargepile.shared"))
            .or(() -> Optional.ofNullable(System.getenv("CHARGEPILE_SHARED")))
            .orElse("../../shared");
    Path file = Path.of(shared, "vectors", "bolt3.json");
    if (!Files.isReadable(file)) {
      Assumptions.abort("skipped: " + file.toAbsolutePath() + " not found");
    }
    try {
      Node root = new Node(Json.Default.parseToJsonElement(Files.readString(file)));
      return root.get("entries")
          .elements()
          .filter(entry -> entry.text("category").equals(category))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A place in the document. */
  public record Node(JsonElement element) {
    public Node get(String key) {
      return find(key).orElseThrow(() -> new AssertionError("no " + key + " in the vector"));
    }

    public Optional<Node> find(String key) {
      return Optional.ofNullable(((JsonObject) element).get(key)).map(Node::new);
    }

    public Stream<Node> elements() {
      return ((JsonArray) element).stream().map(Node::new);
    }

    public String text() {
      return ((JsonPrimitive) element).getContent();
    }

    public String text(String key) {
      return get(key).text();
    }

    public long number(String key) {
      return Long.decode(text(key));
    }

    public ByteVector32 bytes32(String key) {
      return new ByteVector32(text(key));
    }

    public PrivateKey privateKey(String key) {
      return new PrivateKey(bytes32(key));
    }

    public PublicKey publicKey(String key) {
      return PublicKey.fromHex(text(key));
    }
  }
}
