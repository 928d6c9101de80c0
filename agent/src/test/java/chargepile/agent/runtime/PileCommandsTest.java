package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.MemoryBroker;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.units.MilliWattHours;
import chargepile.hal.sim.SimulatedClock;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes on {@code cmd/<verb>}, and what is made of it. */
final class PileCommandsTest {
  private static final Topics PILE = Topics.of("pile-1");
  private static final String ANSWERS = "chargepile/pile-1/answer/client.home/1";
  private static final String NOW = "2026-01-01T00:00:00Z";
  private static final String AT = "{\"at\": \"" + NOW + "\"}";
  private static final PublicKey DRIVER =
      new NodeKeys(TwoNodes.seed("driver"), TwoNodes.SIGNER).nodeId();

  private final SimulatedClock clock = new SimulatedClock(Instant.parse(NOW));
  private final MemoryBroker broker =
      new MemoryBroker(
          (delay, task) -> clock.schedule(delay, task), MemoryBroker.Faults.NONE, new Random(1));
  private final Bus client = broker.connect(Optional.empty());
  private final List<OperatorCommand> given = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();
  private CompletableFuture<PileAction.Answer> outcome =
      CompletableFuture.completedFuture(new PileAction.Answer(1, true, "done"));

  @BeforeEach
  @SuppressWarnings("MustBeClosedChecker")
  void listen() {
    var unusedCommands =
        new PileCommands(
            broker.connect(Optional.empty()),
            PILE,
            new TwoNodes.VirtualTime(clock),
            command -> {
              given.add(command);
              return outcome;
            });
    var unused =
        client.subscribe(
            "chargepile/pile-1/answer/#",
            said ->
                answers.add(
                    said.topic()
                        + " "
                        + new String(
                            said.properties().correlationData().toByteArray(),
                            StandardCharsets.UTF_8)
                        + " "
                        + text(said)));
  }

  private static String text(Bus.Delivery delivery) {
    return new String(delivery.payload(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void ask(String verb, String payload, String correlation) {
    client.publish(
        "chargepile/pile-1/cmd/" + verb,
        bytes(payload),
        false,
        Bus.Properties.request(ANSWERS, new ByteVector(bytes(correlation))));
    clock.advance(Duration.ofMillis(1));
  }

  private String answerTo(String verb, String payload) {
    answers.clear();
    ask(verb, payload, "c" + clock.nanos());
    clock.advance(Duration.ofSeconds(1));
    assertEquals(1, answers.size(), answers::toString);
    String answer = answers.getFirst();
    return answer.substring(answer.indexOf('{'));
  }

  private String refusal(String verb, String payload, String code) {
    String answer = answerTo(verb, payload);
    assertTrue(
        answer.startsWith("{\"verb\":\"%s\",\"done\":false,\"code\":\"%s\"".formatted(verb, code)),
        answer);
    assertEquals(List.of(), given);
    return answer;
  }

  @Test
  void everyVerbReachesThePile() {
    for (String[] command :
        new String[][] {
          {"start", AT},
          {"stop", "{\"text\": \"closing time\"}"},
          {"pause", "{}"},
          {"resume", " { \"at\" : \"" + NOW + "\" } "},
          {"limit", "{\"energy_wh\": 1500}"},
          {"close-channel", "{\"driver\": \"" + DRIVER.toHex() + "\"}"},
          {"clear-faults", "{\"at\": \"" + NOW + "\"}"}
        }) {
      assertEquals(
          "{\"verb\":\"%s\",\"done\":true}".formatted(command[0]),
          answerTo(command[0], command[1]));
    }
    assertEquals(
        List.of(
            new OperatorCommand.Start(),
            new OperatorCommand.Stop("closing time"),
            new OperatorCommand.Pause(),
            new OperatorCommand.Resume(),
            new OperatorCommand.Limit(new MilliWattHours(1_500_000)),
            new OperatorCommand.CloseChannel(DRIVER),
            new OperatorCommand.ClearFaults()),
        given);
  }

  @Test
  void theAnswerBearsTheCorrelationData() {
    ask("stop", "", "17");
    assertEquals(List.of(ANSWERS + " 17 {\"verb\":\"stop\",\"done\":true}"), answers);
  }

  @Test
  void withoutAResponseTopicItIsDoneSilently() {
    client.publish(PILE.command("stop"), new byte[0], false);
    clock.advance(Duration.ofSeconds(1));
    assertEquals(List.of(new OperatorCommand.Stop("")), given);
    assertEquals(List.of(), answers);
  }

  @Test
  void thePileSaysWhyNot() {
    outcome =
        CompletableFuture.completedFuture(new PileAction.Answer(1, false, "no session \"here\""));
    assertEquals(
        "{\"verb\":\"stop\",\"done\":false,\"code\":\"refused\",\"reason\":\"no session"
            + " \\\"here\\\"\"}",
        answerTo("stop", ""));
  }

  @Test
  void aPileThatStopsSaysSo() {
    outcome = CompletableFuture.failedFuture(new NodeFailedException("the pile has stopped"));
    assertTrue(answerTo("stop", "").contains("\"code\":\"stopped\""));
  }

  @Test
  void anUnknownVerbIsRefused() {
    String answer = refusal("reboot", "", "unknown-verb");
    assertTrue(answer.contains("start, stop, pause"), answer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "start | ``",
        "start | {}",
        "resume | ``",
        "resume | {}",
        "start | now",
        "start | []",
        "start | {} {}",
        "start | {\"text\": \"a\"}",
        "stop | {\"text\": 5}",
        "stop | {\"text\": \"a\", \"text\": \"b\"}",
        "stop | {\"reason\": \"a\"}",
        "limit | {}",
        "limit | {\"energy_wh\": 0}",
        "limit | {\"energy_wh\": -5}",
        "limit | {\"energy_wh\": 1.5}",
        "limit | {\"energy_wh\": \"5\"}",
        "limit | {\"energy_wh\": 1000001}",
        "limit | {\"energy_wh\": 1e99}",
        "close-channel | {}",
        "close-channel | {\"driver\": \"03\"}",
        "close-channel | {\"driver\":"
            + " \"020000000000000000000000000000000000000000000000000000000000000000\"}",
        "stop | {\"at\": \"noon\"}",
        "stop | {\"at\": 5}",
      })
  void whatIsNotWellFormedIsRefused(String verb, String payload) {
    refusal(verb, payload, "malformed");
  }

  @Test
  void whatIsNoTextIsRefused() {
    client.publish(
        PILE.command("stop"),
        new byte[] {'{', (byte) 0xff, '}'},
        false,
        Bus.Properties.request(ANSWERS, ByteVector.empty));
    clock.advance(Duration.ofSeconds(1));
    assertTrue(answers.getFirst().contains("not UTF-8"), answers::toString);
    assertEquals(List.of(), given);
  }

  @Test
  void anOverlongPayloadIsRefused() {
    refusal("stop", "{\"text\": \"%s\"}".formatted("x".repeat(1024)), "too-long");
    refusal("stop", "{\"text\": \"%s\"}".formatted("x".repeat(201)), "malformed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-12-31T23:58:59Z", "2026-01-01T00:01:01Z", "2019-01-01T00:00:00Z"})
  void aCommandOfAnotherTimeIsRefused(String at) {
    String answer = refusal("start", "{\"at\": \"%s\"}".formatted(at), "stale");
    assertTrue(answer.contains(NOW.substring(0, 16)), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-12-31T23:59:01Z", "2026-01-01T00:00:59Z"})
  void aCommandOfThisMinuteIsCarriedOut(String at) {
    assertEquals(
        "{\"verb\":\"start\",\"done\":true}", answerTo("start", "{\"at\": \"%s\"}".formatted(at)));
  }

  @Test
  void aCommandThatIsPublishedRetainedIsRefusedAndCleared() {
    client.publish(
        PILE.command("start"),
        new byte[0],
        true,
        Bus.Properties.request(ANSWERS, ByteVector.empty));
    client.publish(
        PILE.command("stop"), bytes("{}"), true, Bus.Properties.request(ANSWERS, ByteVector.empty));
    clock.advance(Duration.ofSeconds(1));
    assertEquals(List.of(), given);
    assertTrue(answers.getFirst().contains("\"code\":\"retained\""), answers::toString);
    assertEquals(List.of(), retained());
  }

  @Test
  void aCommandThatWasRetainedBeforeIsRefusedAndCleared() {
    Bus early = broker.connect(Optional.empty());
    early.publish("chargepile/pile-2/cmd/start", bytes("{}"), true);
    List<OperatorCommand> carriedOut = new ArrayList<>();
    try (var _ =
        new PileCommands(
            broker.connect(Optional.empty()),
            Topics.of("pile-2"),
            new TwoNodes.VirtualTime(clock),
            command -> {
              carriedOut.add(command);
              return outcome;
            })) {
      clock.advance(Duration.ofSeconds(1));
      assertEquals(List.of(), carriedOut);
      assertEquals(List.of(), retained());
    }
  }

  /** What a newcomer is told of commands. */
  private List<String> retained() {
    List<String> found = new ArrayList<>();
    var unused =
        broker
            .connect(Optional.empty())
            .subscribe("chargepile/+/cmd/+", said -> found.add(said.topic()));
    clock.advance(Duration.ofSeconds(1));
    return found;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chargepile/pile-2/answer/client.home/1",
        "chargepile/pile-1/status",
        "chargepile/pile-1/cmd/stop",
        "chargepile/pile-1/answer/",
        "chargepile/pile-1/answer/#",
        "homeassistant/device/x/config"
      })
  void noClientMakesThePilePublishElsewhere(String responseTopic) {
    List<String> heard = new ArrayList<>();
    var unused = client.subscribe("#", said -> heard.add(said.topic()));
    client.publish(
        PILE.command("start"),
        new byte[0],
        false,
        Bus.Properties.request(responseTopic, ByteVector.empty));
    clock.advance(Duration.ofSeconds(1));
    assertEquals(List.of(), given);
    assertEquals(List.of(PILE.command("start")), heard);
  }

  @Test
  void aRepeatedCommandIsAnsweredAgainAndDoneOnce() {
    CompletableFuture<PileAction.Answer> later = new CompletableFuture<>();
    outcome = later;
    ask("start", AT, "7");
    ask("start", AT, "7");
    assertEquals(List.of(), answers);
    later.complete(new PileAction.Answer(1, true, "done"));
    ask("start", AT, "7");
    clock.advance(Duration.ofSeconds(1));
    assertEquals(List.of(new OperatorCommand.Start()), given);
    String answer = ANSWERS + " 7 {\"verb\":\"start\",\"done\":true}";
    assertEquals(List.of(answer, answer, answer), answers);
  }

  @Test
  void twoCommandsMustNotShareCorrelationData() {
    ask("start", AT, "7");
    ask("stop", "", "7");
    assertEquals(List.of(new OperatorCommand.Start()), given);
    assertTrue(answers.getLast().contains("\"code\":\"correlation-used\""), answers::toString);
  }

  @Test
  void aFloodIsRefusedButStopIsHeard() {
    for (int i = 0; i < 1000; i++) {
      ask("start", AT, "c" + i);
    }
    assertEquals(21, given.size());
    assertTrue(answers.getLast().contains("\"code\":\"too-many\""), answers::toString);
    assertTrue(answers.size() <= 21 + 22, "refusals past their budget are silent");
    assertEquals("{\"verb\":\"stop\",\"done\":true}", answerTo("stop", ""));
    clock.advance(Duration.ofSeconds(10));
    String now = "{\"at\": \"" + clock.instant() + "\"}";
    assertEquals("{\"verb\":\"start\",\"done\":true}", answerTo("start", now));
  }

  @Test
  void refusedCommandsHaveABudgetOfAnswers() {
    for (int i = 0; i < 200; i++) {
      ask("stop", "x".repeat(2000), "c" + i);
    }
    assertEquals(20, answers.size());
    clock.advance(Duration.ofSeconds(10));
    refusal("reboot", "", "unknown-verb");
  }

  @Test
  void retainedCommandsAreClearedOneASecond() {
    List<String> cleared = new ArrayList<>();
    var unused =
        client.subscribe(
            "chargepile/pile-1/cmd/+",
            said -> {
              if (said.payload().length == 0) {
                cleared.add(said.topic());
              }
            });
    for (int i = 0; i < 100; i++) {
      client.publish(PILE.command("pause"), bytes("{}"), true);
      client.publish(PILE.command("stop"), bytes("{}"), true);
    }
    clock.advance(Duration.ofMillis(500));
    assertEquals(List.of(PILE.command("pause")), cleared);
    clock.advance(Duration.ofSeconds(5));
    assertEquals(
        List.of(PILE.command("pause"), PILE.command("stop")), cleared.stream().sorted().toList());
    assertEquals(List.of(), retained());
    assertEquals(List.of(), given);
  }

  @Test
  void afterClosingNothingIsHeard() {
    try (var _ =
        new PileCommands(
            broker.connect(Optional.empty()),
            Topics.of("pile-2"),
            new TwoNodes.VirtualTime(clock),
            command -> {
              given.add(command);
              return outcome;
            })) {
      assertEquals(List.of(), given);
    }
    client.publish("chargepile/pile-2/cmd/start", new byte[0], false);
    clock.advance(Duration.ofSeconds(1));
    assertEquals(List.of(), given);
  }
}
