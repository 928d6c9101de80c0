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
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import kotlinx.serialization.json.Json;
import kotlinx.serialization.json.JsonArray;
import kotlinx.serialization.json.JsonElement;
import kotlinx.serialization.json.JsonObject;
import kotlinx.serialization.json.JsonPrimitive;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/** The vectors of BOLT 3's appendices, from the shared folder. */
public final class Bolt3Vectors {
  private static final Path FILE =
      Path.of(
          Optional.ofNullable(System.getProperty("chargepile.shared"))
              .or(() -> Optional.ofNullable(System.getenv("CHARGEPILE_SHARED")))
              .orElse("../../shared"),
          "vectors",
          "bolt3.json");

  private Bolt3Vectors() {}

  /** A test for every entry of a category; one that says why it is skipped without the file. */
  public static Stream<DynamicTest> tests(String category, Consumer<Node> check) {
    return tests(category, entry -> true, check);
  }

  /** The same, for the entries that fit. */
  public static Stream<DynamicTest> tests(
      String category, Predicate<Node> fits, Consumer<Node> check) {
    if (!Files.isReadable(FILE)) {
      return Stream.of(DynamicTest.dynamicTest(category, () -> category(category)));
    }
    return category(category).stream()
        .filter(fits)
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.text("id") + " " + entry.text("name"), () -> check.accept(entry)));
  }

  /** The entries of a category; aborts the test when the file is not there. */
  public static List<Node> category(String category) {
    if (!Files.isReadable(FILE)) {
      Assumptions.abort("skipped: " + FILE.toAbsolutePath() + " not found");
    }
    try {
      Node root = new Node(Json.Default.parseToJsonElement(Files.readString(FILE)));
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
