package chargepile.agent.channel.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.SampleChannels;
import chargepile.agent.channel.StaticChannel;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelBackupTest {
  private static final PublicKey NODE =
      PublicKey.fromHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");

  private static StaticChannel kept;

  @BeforeAll
  static void open() {
    kept = SampleChannels.charged().kept().orElseThrow();
  }

  private static ChannelBackup backup(int channels, Optional<String> address) {
    return new ChannelBackup(
        channels % 2 == 0,
        NODE,
        kept.setup().chainHash(),
        Instant.ofEpochMilli(1_700_000_000_123L),
        new BlockHeight(812_345),
        new ByteVector("0014751e76e8199196d454941c45d1b3a323f1433bd6"),
        address,
        Collections.nCopies(channels, new ChannelBackup.Entry(NODE, kept)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 40})
  void itSurvivesItsBytes(int channels) {
    for (Optional<String> address :
        List.of(Optional.<String>empty(), Optional.of("chargepile:02ab@broker.example:8883/p"))) {
      ChannelBackup backup = backup(channels, address);
      assertEquals(backup, ChannelBackup.decode(backup.encode()));
    }
  }

  @Test
  void everyTruncationAndEveryByteTooMuchIsMalformed() {
    byte[] bytes = backup(1, Optional.empty()).encode();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(MalformedStateException.class, () -> ChannelBackup.decode(cut));
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThrows(MalformedStateException.class, () -> ChannelBackup.decode(longer));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void damagedBytesAreMalformedOrAnotherBackup(long seed) {
    Random random = new Random(seed);
    byte[] bytes = backup(2, Optional.of("x")).encode();
    for (int i = 0; i < 500; i++) {
      byte[] flipped = bytes.clone();
      flipped[random.nextInt(bytes.length)] = (byte) random.nextInt();
      try {
        ChannelBackup.decode(flipped);
      } catch (MalformedStateException e) {
        assertTrue(String.valueOf(e.getMessage()).length() > 10, "the error says something");
      }
    }
  }

  /** What is kept of a channel is the same before and after any update, and after its end. */
  @Test
  void noUpdateChangesWhatIsKept() {
    Channel closed = SampleChannels.closed();
    assertEquals(closed.kept().orElseThrow().setup().local(), kept.setup().local());
    assertEquals(closed.kept().orElseThrow().setup().remote(), kept.setup().remote());
  }
}
