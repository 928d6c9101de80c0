package chargepile.agent.channel.codec;

import chargepile.agent.channel.SampleChannels;
import chargepile.agent.channel.StaticChannel;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.crypto.SealedBackup;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A backup is a file that anybody may have changed. */
class BackupFuzzTest {
  private static final ByteVector32 SEED = new ByteVector32("a5".repeat(32));

  @TestFactory
  Stream<DynamicTest> doors() {
    byte[] content = backup().encode();
    byte[] sealed = SealedBackup.seal(SEED, content, new ByteVector(new byte[12])).toByteArray();
    return Fuzz.tests(
        Door.of(
            "a sealed backup",
            List.of(sealed),
            SealedBackup.UnreadableBackupException.class,
            bytes -> SealedBackup.open(SEED, bytes)),
        Door.of(
            "what a backup holds",
            List.of(content),
            MalformedStateException.class,
            ChannelBackup::decode));
  }

  private static ChannelBackup backup() {
    StaticChannel kept = SampleChannels.charged().kept().orElseThrow();
    PublicKey node = kept.setup().remote().basepoints().funding();
    return new ChannelBackup(
        true,
        node,
        kept.setup().chainHash(),
        Instant.EPOCH,
        new BlockHeight(100),
        new ByteVector("0014751e76e8199196d454941c45d1b3a323f1433bd6"),
        Optional.of("chargepile:02ab@127.0.0.1:1883/pile-1"),
        List.of(new ChannelBackup.Entry(node, kept)));
  }
}
