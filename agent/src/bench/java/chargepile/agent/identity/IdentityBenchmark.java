package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.BlstPairing;
import chargepile.agent.crypto.pairing.BouncyCastlePairing;
import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the short multi-signature costs on both back ends, against a signature of each signer
 * verified one by one (with the message hashed once).
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // @Setup fills the fields
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class IdentityBenchmark {
  private static final ByteVector MESSAGE = new ByteVector("ab".repeat(307));

  @Param({"blst", "Bouncy Castle"})
  private String backEnd;

  @Param({"2", "3", "8", "32"})
  private int signers;

  private Pairing pairing;
  private KeyGenerationCentre centre;
  private MultiSignature scheme;
  private SignerSet set;
  private List<IdentityKey> keys;
  private List<G1Point> single;
  private PartialSignature allButLast;
  private G1Point whole;
  private long issued;

  @Setup
  public void sign() throws InvalidSignatureException {
    pairing = backEnd.equals("blst") ? BlstPairing.load() : new BouncyCastlePairing();
    Pairing fast = BlstPairing.load(); // the same bytes, sooner
    centre = new KeyGenerationCentre(new PartyId("kgc"), new MasterKey(Zq.of(4711)), pairing);
    KeyGenerationCentre issuer =
        new KeyGenerationCentre(new PartyId("kgc"), new MasterKey(Zq.of(4711)), fast);
    scheme = new MultiSignature(pairing);
    keys =
        IntStream.range(0, signers)
            .mapToObj(i -> issuer.issue(new PartyId("party-" + i), Zq.of(i + 1)).complete(fast))
            .toList();
    set =
        SignerSet.of(
            keys.stream().map(key -> new SignerSet.Signer(key.party(), key.publicKey())).toList());
    MultiSignature signing = new MultiSignature(fast);
    PartialSignature signature = signing.start(set, MESSAGE, keys.getFirst());
    for (IdentityKey key : keys.subList(1, signers)) {
      allButLast = signature;
      signature = signing.add(signature, set, MESSAGE, key);
    }
    whole = signature.point();
    single = new ArrayList<>();
    G1Point h = fast.hashToG1(MESSAGE, Suite.SIGNATURE);
    keys.forEach(key -> single.add(fast.multiplySecret(h, key.secret())));
  }

  /** x_ID and y_ID of one party. */
  @Benchmark
  public IssuedKey issue() {
    return centre.issue(keys.getFirst().party(), Zq.of(++issued));
  }

  /** The last signer verifies what all before it signed, and adds its own. */
  @Benchmark
  public PartialSignature signStep() throws InvalidSignatureException {
    return scheme.add(allButLast, set, MESSAGE, keys.getLast());
  }

  /** Two pairings. */
  @Benchmark
  public boolean verify() {
    return require(scheme.verify(set, MESSAGE, whole));
  }

  /** Two pairings for each signer. */
  @Benchmark
  public boolean verifyOneByOne() {
    G1Point h = pairing.hashToG1(MESSAGE, Suite.SIGNATURE);
    boolean all = true;
    for (int i = 0; i < signers; i++) {
      all &= pairing.verify(single.get(i), h, keys.get(i).publicKey());
    }
    return require(all);
  }

  private static boolean require(boolean holds) {
    if (!holds) {
      throw new IllegalStateException("a signature that holds was refused");
    }
    return true;
  }
}
