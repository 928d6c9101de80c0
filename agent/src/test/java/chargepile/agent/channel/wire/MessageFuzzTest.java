package chargepile.agent.channel.wire;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class MessageFuzzTest {
  @TestFactory
  Stream<DynamicTest> doors() {
    return Fuzz.tests(
        Door.of(
            "a channel message", samples(), MalformedMessageException.class, MessageCodec::decode));
  }

  /** Some of every type. */
  private static List<byte[]> samples() {
    AnyMessage any = new AnyMessage(1);
    return Stream.of(MessageType.values())
        .flatMap(type -> IntStream.range(0, 4).mapToObj(i -> any.next(type)))
        .map(MessageCodec::encode)
        .toList();
  }
}
