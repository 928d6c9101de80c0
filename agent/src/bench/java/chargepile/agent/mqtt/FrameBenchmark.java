package chargepile.agent.mqtt;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the end-to-end encryption of one message costs: sealed by one side, opened by the other. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FrameBenchmark {
  private final byte[] content = new byte[300];
  private final FrameCipher pile = cipher((byte) 1, (byte) 2, "to-driver", "to-pile");
  private final FrameCipher driver = cipher((byte) 2, (byte) 1, "to-pile", "to-driver");

  /** A frame of 300 bytes. */
  @Benchmark
  public FrameCipher.Result sealAndOpen() {
    return driver.open(pile.seal(content));
  }

  private static FrameCipher cipher(byte send, byte receive, String sendTopic, String topic) {
    var peer = new PrivateKey(ByteVector32.One).publicKey();
    var keys = new TransportKeys(peer, key(send), key(receive), key((byte) 3));
    return new FrameCipher(keys, sendTopic, topic);
  }

  private static byte[] key(byte first) {
    byte[] key = new byte[32];
    key[0] = first;
    return key;
  }
}
