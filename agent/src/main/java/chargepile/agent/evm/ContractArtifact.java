package chargepile.agent.evm;

import chargepile.agent.json.JsonReader;
import chargepile.agent.json.JsonValue;
import chargepile.agent.json.MalformedJsonException;
import com.esaulpaugh.headlong.abi.ContractError;
import com.esaulpaugh.headlong.abi.Event;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A contract as its compiler left it: interface and code, checked in with the sources. */
public final class ContractArtifact {
  private final String name;
  private final ByteVector bytecode;
  private final Map<String, Function> functions = new HashMap<>();
  private final Map<ByteVector32, Event<Tuple>> events = new HashMap<>();
  private final List<ContractError<Tuple>> errors = new ArrayList<>();
  private TupleType<Tuple> constructor = TupleType.EMPTY;

  private ContractArtifact(String name, JsonValue file) {
    this.name = name;
    this.bytecode = ByteVector.fromHex(text(file, "bytecode").substring(2));
    items(file, "abi").forEach(this::add);
  }

  /**
   * The contract of that name.
   *
   * @throws IllegalStateException when this program was built without it
   */
  public static ContractArtifact load(String name) {
    try (InputStream file = ContractArtifact.class.getResourceAsStream(name + ".json")) {
      if (file == null) {
        throw new IllegalStateException("this program was built without the contract " + name);
      }
      return new ContractArtifact(
          name, JsonReader.read(new String(file.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException | MalformedJsonException e) {
      throw new IllegalStateException("the contract %s can't be read".formatted(name), e);
    }
  }

  public String name() {
    return name;
  }

  /**
   * Puts the contract on the chain.
   *
   * @param key of the transaction
   * @param arguments of its constructor: addresses, amounts, numbers, bytes, texts; a list for a
   *     struct or an array
   */
  public TransactionIntent creation(String key, Object... arguments) {
    return new TransactionIntent(
        key,
        "creation of the contract " + name,
        Optional.empty(),
        bytecode.concat(
            new ByteVector(
                constructor.encode(Abi.tuple(constructor, Arrays.asList(arguments))).array())),
        Wei.ZERO,
        OptionalLong.empty(),
        Optional.empty());
  }

  /** The words of what some contracts refuse. */
  public static Reverts reverts(ContractArtifact... contracts) {
    return new Reverts(Stream.of(contracts).flatMap(contract -> contract.errors.stream()).toList());
  }

  Function function(String wanted) {
    Function found = functions.get(wanted);
    if (found == null) {
      throw new IllegalStateException("%s has no function %s".formatted(name, wanted));
    }
    return found;
  }

  /** The event that a log's first topic names; empty: it is none of this contract's. */
  Optional<Event<Tuple>> event(EvmLog log) {
    return log.topics().isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(events.get(log.topics().getFirst()));
  }

  /** The first topic of an event. */
  public ByteVector32 signature(String event) {
    return events.entrySet().stream()
        .filter(entry -> entry.getValue().getName().equals(event))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("%s has no event %s".formatted(name, event)));
  }

  private void add(JsonValue entry) {
    String inputs = types(items(entry, "inputs"));
    switch (text(entry, "type")) {
      case "constructor" -> constructor = TupleType.parse(inputs);
      case "function" -> {
        String function = text(entry, "name");
        functions.put(function, new Function(function + inputs, types(items(entry, "outputs"))));
      }
      case "event" -> {
        String event = text(entry, "name");
        events.put(
            chargepile.agent.crypto.Keccak256.hash(event + inputs),
            Event.create(event, TupleType.parse(inputs), indexed(items(entry, "inputs"))));
      }
      case "error" -> errors.add(new ContractError<>(text(entry, "name"), TupleType.parse(inputs)));
      default -> {} // receive and fallback have no interface
    }
  }

  private static boolean[] indexed(List<JsonValue> parameters) {
    boolean[] indexed = new boolean[parameters.size()];
    IntStream.range(0, indexed.length)
        .forEach(
            i ->
                indexed[i] = field(parameters.get(i), "indexed").equals(new JsonValue.Truth(true)));
    return indexed;
  }

  private static String types(List<JsonValue> parameters) {
    return parameters.stream()
        .map(ContractArtifact::type)
        .collect(Collectors.joining(",", "(", ")"));
  }

  /** A struct's type is {@code tuple}, perhaps with brackets behind. */
  private static String type(JsonValue parameter) {
    String type = text(parameter, "type");
    return type.startsWith("tuple")
        ? types(items(parameter, "components")) + type.substring("tuple".length())
        : type;
  }

  private static JsonValue field(JsonValue object, String name) {
    if (object instanceof JsonValue.Fields(Map<String, JsonValue> fields)) {
      JsonValue value = fields.get(name);
      if (value != null) {
        return value;
      }
    }
    throw new IllegalStateException("the interface of a contract lacks " + name);
  }

  private static String text(JsonValue object, String name) {
    if (field(object, name) instanceof JsonValue.Text(String text)) {
      return text;
    }
    throw new IllegalStateException("the interface of a contract has no text in " + name);
  }

  private static List<JsonValue> items(JsonValue object, String name) {
    if (field(object, name) instanceof JsonValue.Array(List<JsonValue> items)) {
      return items;
    }
    throw new IllegalStateException("the interface of a contract has no list in " + name);
  }
}
