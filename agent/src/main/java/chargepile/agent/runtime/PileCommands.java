package chargepile.agent.runtime;

import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.runtime.CommandRefusal.Code;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.PileAction;
import fr.acinq.bitcoin.ByteVector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The topics {@code cmd/<verb>}: reads what comes, gives it to the pile and answers on the MQTT 5
 * response topic, if there is one. Who may command is the broker's to say; what is no command of
 * now changes nothing:
 *
 * <ul>
 *   <li>a retained one is refused and cleared from the broker, or it would come again with every
 *       connection;
 *   <li>one whose {@code at} is not of this minute is refused;
 *   <li>one with the correlation data of a command that was carried out gets that one's answer;
 *   <li>one that wants its answer elsewhere than below {@code answer/} is refused unanswered: no
 *       client makes the pile publish for it.
 * </ul>
 *
 * <p>Refusals have a budget, past which they are silent: what is published for strangers must not
 * push out what is published for payments.
 *
 * <p>Thread-safe. Commands are read on the bus's thread, which is never made to wait.
 */
public final class PileCommands implements AutoCloseable {
  /** Commands in a row, and how many more every second. */
  private static final int BURST = 20;

  private static final Duration REFILL = Duration.ofMillis(500);

  /** What makes a pile safer has a budget of its own: no flood keeps a person from it. */
  private static final Set<String> OPENING = Set.of("stop", "pause");

  private static final Duration BETWEEN_CLEARINGS = Duration.ofSeconds(1);

  /** Topics of retained commands that wait to be cleared; the rest come with a reconnection. */
  private static final int MOST_TO_CLEAR = 64;

  private static final int MOST_CORRELATION_BYTES = 128;
  private static final int REMEMBERED = 256;

  /** By what a command is known again. */
  private record Mark(String responseTopic, ByteVector correlationData) {}

  /** A command that the pile was given. */
  private record Given(String topic, ByteVector payload, CompletableFuture<Json> answer) {}

  private final Bus bus;
  private final Topics topics;
  private final Time time;
  private final Function<OperatorCommand, CompletableFuture<PileAction.Answer>> pile;
  private final RateLimit usual;
  private final RateLimit opening;
  private final RateLimit refusals;
  private final Set<String> toClear = new LinkedHashSet<>();
  private boolean clearing;
  private final Throttled complaints;
  private final AutoCloseable subscription;
  private final Map<Mark, Given> given =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Mark, Given> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * Listens until it is closed.
   *
   * @param pile what carries commands out; must only enqueue
   */
  public PileCommands(
      Bus bus,
      Topics topics,
      Time time,
      Function<OperatorCommand, CompletableFuture<PileAction.Answer>> pile) {
    this.bus = bus;
    this.topics = topics;
    this.time = time;
    this.pile = pile;
    this.usual = new RateLimit(time, BURST, REFILL);
    this.opening = new RateLimit(time, BURST, REFILL);
    this.refusals = new RateLimit(time, BURST, REFILL);
    this.complaints = new Throttled(time);
    this.subscription = bus.subscribe(topics.commands(), this::onDelivery);
  }

  private synchronized void onDelivery(Bus.Delivery delivery) {
    if (delivery.retained() && delivery.payload().length == 0) {
      toClear.remove(delivery.topic());
      return;
    }
    String verb = topics.verbOf(delivery.topic()).orElse("");
    try {
      if (delivery.retained()) {
        clear(delivery.topic());
        throw new CommandRefusal(
            Code.RETAINED, "a command must not be retained; it is cleared from the broker");
      }
      requireAnswerable(delivery.properties());
      carryOut(verb, delivery);
    } catch (CommandRefusal refusal) {
      complaints.warn(
          () ->
              "command %s on MQTT refused: %s"
                  .formatted(verb.isEmpty() ? delivery.topic() : verb, refusal.reason()));
      if (refusals.take()) {
        answer(delivery.properties(), refused(verb, refusal.code(), refusal.reason()));
      }
    }
  }

  /** At once, or when its turn comes: one topic a second, until the broker says it is cleared. */
  private void clear(String topic) {
    if (toClear.size() < MOST_TO_CLEAR) {
      toClear.add(topic);
    }
    if (!clearing) {
      clearNext();
    }
  }

  private synchronized void clearNext() {
    Iterator<String> next = toClear.iterator();
    clearing = next.hasNext();
    if (clearing) {
      String topic = next.next();
      next.remove();
      toClear.add(topic); // last, until it is heard to be cleared
      bus.publish(topic, new byte[0], true);
      var unused = time.schedule(BETWEEN_CLEARINGS, this::clearNext);
    }
  }

  private void requireAnswerable(Bus.Properties properties) throws CommandRefusal {
    if (properties.responseTopic().filter(topic -> !topics.isAnswer(topic)).isPresent()) {
      throw new CommandRefusal(
          Code.RESPONSE_TOPIC,
          "the response topic must be below chargepile/%s/answer/".formatted(topics.pileId()));
    }
    if (properties.correlationData().size() > MOST_CORRELATION_BYTES) {
      throw new CommandRefusal(
          Code.TOO_LONG,
          "the correlation data have more than %d bytes".formatted(MOST_CORRELATION_BYTES));
    }
  }

  private void carryOut(String verb, Bus.Delivery delivery) throws CommandRefusal {
    if (!(OPENING.contains(verb) ? opening : usual).take()) {
      throw new CommandRefusal(
          Code.TOO_MANY, "more than %d commands at once; wait a few seconds".formatted(BURST));
    }
    Bus.Properties properties = delivery.properties();
    Mark mark = new Mark(properties.responseTopic().orElse(""), properties.correlationData());
    boolean marked = !properties.correlationData().isEmpty();
    Given before = marked ? given.get(mark) : null;
    if (before != null) {
      repeat(before, delivery);
      return;
    }
    OperatorCommand command = CommandReader.read(verb, delivery.payload(), time.wall());
    CompletableFuture<Json> answer =
        pile.apply(command).handle((said, problem) -> json(verb, said, problem));
    if (marked) {
      given.put(mark, new Given(delivery.topic(), new ByteVector(delivery.payload()), answer));
    }
    answerWhenDone(answer, properties);
  }

  /** The same once more, as a client sends it that heard no answer; it is not done twice. */
  private void repeat(Given before, Bus.Delivery delivery) throws CommandRefusal {
    boolean same =
        before.topic().equals(delivery.topic())
            && before.payload().equals(new ByteVector(delivery.payload()));
    if (!same) {
      throw new CommandRefusal(
          Code.CORRELATION_USED,
          "another command had the same correlation data; give each command its own");
    }
    answerWhenDone(before.answer(), delivery.properties());
  }

  private void answerWhenDone(CompletableFuture<Json> answer, Bus.Properties properties) {
    var unused = answer.thenAccept(json -> answer(properties, json));
  }

  private static Json json(String verb, PileAction.Answer said, @Nullable Throwable problem) {
    if (problem != null) {
      return refused(verb, Code.STOPPED, String.valueOf(problem.getMessage()));
    }
    Logger.info("command {} over MQTT: {}", verb, said.done() ? "done" : said.text());
    return said.done()
        ? Json.object().put("verb", verb).put("done", true).end()
        : refused(verb, Code.REFUSED, said.text());
  }

  private static Json refused(String verb, Code code, String reason) {
    return Json.object()
        .put("verb", verb)
        .put("done", false)
        .put("code", code.written())
        .put("reason", reason)
        .end();
  }

  private void answer(Bus.Properties request, Json answer) {
    request
        .responseTopic()
        .filter(topics::isAnswer)
        .ifPresent(
            topic ->
                bus.publish(
                    topic,
                    answer.toString().getBytes(StandardCharsets.UTF_8),
                    false,
                    request.ofAnswer()));
  }

  @Override
  public void close() {
    synchronized (this) {
      toClear.clear();
    }
    try {
      subscription.close();
    } catch (Exception e) {
      Logger.warn(e, "while the commands' topics are left: {}", e.getMessage());
    }
  }
}
