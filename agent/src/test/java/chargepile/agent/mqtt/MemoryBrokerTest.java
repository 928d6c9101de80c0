package chargepile.agent.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.mqtt.MemoryBroker.Faults;
import fr.acinq.bitcoin.ByteVector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MemoryBrokerTest {
  private final VirtualTime time = new VirtualTime();
  private final List<String> heard = new ArrayList<>();

  private MemoryBroker broker(Faults faults, long seed) {
    return new MemoryBroker(time, faults, new Random(seed));
  }

  private void hear(Bus.Delivery delivery) {
    heard.add(
        delivery.topic()
            + "="
            + new String(delivery.payload(), StandardCharsets.UTF_8)
            + (delivery.retained() ? " (retained)" : ""));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void messagesArriveInOrderAtWhoeverSubscribed() {
    MemoryBroker broker = broker(Faults.NONE, 0);
    MemoryBus a = broker.connect(Optional.empty());
    broker.connect(Optional.empty()).subscribe("x/+", this::hear);
    IntStream.range(0, 3).forEach(i -> a.publish("x/" + i, bytes("" + i), false));
    a.publish("y/0", bytes("no"), false);
    assertEquals(List.of(), heard);
    time.settle();
    assertEquals(List.of("x/0=0", "x/1=1", "x/2=2"), heard);
  }

  @Test
  void aRetainedMessageWaitsForSubscribersUntilItIsCleared() {
    MemoryBus a = broker(Faults.NONE, 0).connect(Optional.empty());
    a.publish("s", bytes("old"), true);
    a.publish("s", bytes("new"), true);
    a.subscribe("#", this::hear);
    a.publish("s", bytes(""), true);
    time.settle();
    a.subscribe("s", this::hear);
    time.settle();
    assertEquals(List.of("s=new (retained)", "s= (retained)"), heard);
  }

  @Test
  void aRequestAndItsAnswerKeepTheirProperties() {
    MemoryBroker broker = broker(Faults.NONE, 0);
    MemoryBus a = broker.connect(Optional.empty());
    List<Bus.Properties> seen = new ArrayList<>();
    broker.connect(Optional.empty()).subscribe("x", said -> seen.add(said.properties()));
    Bus.Properties request = Bus.Properties.request("answer", new ByteVector("0102"));
    a.publish("x", bytes("?"), false, request);
    a.publish("x", bytes("!"), false, request.ofAnswer());
    a.publish("x", bytes(""), false);
    time.settle();
    assertEquals(List.of(request, request.ofAnswer(), Bus.Properties.NONE), seen);
  }

  @Test
  void aCutConnectionLosesWhatIsUnderwayAndPublishesTheWill() {
    MemoryBroker broker = broker(Faults.NONE, 0);
    MemoryBus pile = broker.connect(Optional.of(new BrokerSettings.Will("status", "offline")));
    List<Boolean> connections = new ArrayList<>();
    pile.onConnection(connections::add);
    pile.subscribe("cmd", this::hear);
    MemoryBus phone = broker.connect(Optional.empty());
    phone.subscribe("status", this::hear);
    phone.publish("cmd", bytes("start"), false);
    pile.disconnect();
    pile.publish("status", bytes("lost"), true);
    time.settle();
    pile.reconnect();
    phone.publish("cmd", bytes("stop"), false);
    time.settle();
    assertEquals(List.of("status=offline (retained)", "cmd=stop"), heard);
    assertEquals(List.of(true, false, true), connections);
  }

  @Test
  void anEndedSubscriptionHearsNothingMore() throws Exception {
    MemoryBus a = broker(Faults.NONE, 0).connect(Optional.empty());
    AutoCloseable subscription = a.subscribe("x", this::hear);
    a.publish("x", bytes("1"), false);
    subscription.close();
    a.publish("x", bytes("2"), false);
    time.settle();
    assertEquals(List.of(), heard);
  }

  @Test
  void faultsComeFromTheSeed() {
    List<String> first = underFaults(7);
    assertEquals(first, underFaults(7));
    assertNotEquals(first, underFaults(8));
    List<String> sent = IntStream.range(0, 500).mapToObj(i -> "x=" + i).toList();
    assertTrue(first.size() != first.stream().distinct().count(), "some twice");
    assertTrue(!first.containsAll(sent), "some lost");
    assertTrue(!sent.containsAll(first), "some damaged");
    assertTrue(first.indexOf("x=499") != first.size() - 1, "some late");
  }

  private List<String> underFaults(long seed) {
    heard.clear();
    MemoryBus a =
        broker(new Faults(0.1, 0.1, 0.3, 0.1, Duration.ofMillis(50)), seed)
            .connect(Optional.empty());
    a.subscribe("x", this::hear);
    for (int i = 0; i < 500; i++) {
      a.publish("x", bytes("" + i), false);
    }
    time.pass(Duration.ofSeconds(1));
    return List.copyOf(heard);
  }
}
