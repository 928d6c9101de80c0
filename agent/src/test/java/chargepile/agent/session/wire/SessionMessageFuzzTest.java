package chargepile.agent.session.wire;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class SessionMessageFuzzTest {
  @TestFactory
  Stream<DynamicTest> doors() {
    return Fuzz.tests(
        Door.of(
            "a session message",
            SessionCodecTest.ALL.stream().map(SessionCodec::encode).toList(),
            MalformedMessageException.class,
            SessionCodec::decode));
  }
}
