package chargepile.agent.channel.codec;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelStates;
import chargepile.agent.channel.Commitments;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class StoredChannelFuzzTest {
  @TestFactory
  Stream<DynamicTest> doors() {
    List<Channel> states = ChannelStates.ofEveryStage();
    return Fuzz.tests(
        Door.of(
            "a stored channel",
            states.stream().map(ChannelCodec::encode).toList(),
            MalformedStateException.class,
            ChannelCodec::decode),
        Door.of(
            "a stored revoked commitment",
            states.stream()
                .map(Channel::commitments)
                .flatMap(Optional::stream)
                .map(StoredChannelFuzzTest::revoked)
                .toList(),
            MalformedStateException.class,
            RevokedCodec::decode));
  }

  private static byte[] revoked(Commitments commitments) {
    return RevokedCodec.encode(List.copyOf(commitments.remote().allocation().spec().htlcs()));
  }
}
