package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fr.acinq.bitcoin.ByteVector32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Keeping a branch changes no secret. */
class CommitmentSeedTest {
  private static final ByteVector32 SEED = ByteVector32.One;
  private final CommitmentSeed seed = new CommitmentSeed(SEED);

  @Test
  void secretsAroundTheEdgesOfBranchesAreThoseOfTheWholeDerivation() {
    for (long number : new long[] {0, 1, 255, 256, 257, 511, 512, 0, 65_535, 65_536, 255}) {
      long index = Shachain.index(number);
      assertEquals(Shachain.secret(SEED, index), seed.secret(index), "commitment " + number);
    }
  }

  @Property(tries = 200)
  void inWhateverOrderTheyAreAskedFor(
      @ForAll @LongRange(min = 0, max = Shachain.FIRST_INDEX) long first,
      @ForAll @LongRange(min = 0, max = Shachain.FIRST_INDEX) long second) {
    for (long index : new long[] {first, second, first}) {
      assertEquals(Shachain.secret(SEED, index), seed.secret(index));
    }
  }
}
