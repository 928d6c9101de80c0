package chargepile.agent.runtime;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class PeerMessageFuzzTest {
  @TestFactory
  Stream<DynamicTest> doors() {
    return Fuzz.tests(
        Door.of(
            "a message of either kind",
            FrameContent.encode(FrameContentTest.MESSAGES),
            MalformedMessageException.class,
            bytes -> FrameContent.decode(List.of(bytes))));
  }
}
