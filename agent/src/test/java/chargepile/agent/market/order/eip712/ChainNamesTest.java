package chargepile.agent.market.order.eip712;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.crypto.Keccak256;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChainNamesTest {
  @Example
  void aShortNameFillsTheWordFromItsBeginning() {
    assertEquals(
        new ByteVector32("6665656465722d31" + "00".repeat(24)),
        ChainNames.word(new FeederId("feeder-1")));
    assertEquals(
        new FeederId("feeder-1"), ChainNames.feeder(ChainNames.word(new FeederId("feeder-1"))));
  }

  @Example
  void whatIsNoNameIsItsWord() {
    ByteVector32 hash = Keccak256.hash("anything");
    assertEquals(new FeederId("0x" + hash.toHex()), ChainNames.feeder(hash));
    assertEquals(
        "0x" + "00".repeat(32), ChainNames.feeder(ByteVector32.Zeroes).value(), "no name at all");
    for (String bad : new String[] {" feeder", "f\u00fcnf", "f".repeat(33), "a\nb"}) {
      assertThrows(IllegalArgumentException.class, () -> ChainNames.word(new FeederId(bad)), bad);
    }
  }

  @Example
  void aPileIsTheHashOfItsNameOrTheHashItself() {
    ByteVector32 id = Keccak256.hash("pile-1");
    assertEquals(id, ChainNames.word(new PileId("pile-1")));
    assertEquals(id, ChainNames.word(ChainNames.pile(id)));
  }

  @Example
  void aTraderIsItsAccount() {
    EvmAddress account = EvmAddress.of("0x00000000000000000000000000000000000000Ee");
    assertEquals(account, ChainNames.account(ChainNames.trader(account)));
    assertThrows(IllegalArgumentException.class, () -> ChainNames.account(new Trader("pile-1")));
  }

  @Example
  void aKindOfEnergyIsItsName() {
    assertEquals(
        EnergyType.ELECTRICITY, ChainNames.energyType(ChainNames.word(EnergyType.ELECTRICITY)));
    assertThrows(
        IllegalArgumentException.class,
        () -> ChainNames.energyType(ChainNames.word(new FeederId("Electricity"))));
  }

  @Property
  void everyWordIsReadAndWrittenBack(@ForAll("words") ByteVector32 word) {
    assertEquals(word, ChainNames.word(ChainNames.feeder(word)));
    assertEquals(word, ChainNames.word(ChainNames.pile(word)));
  }

  /** Mostly such as could be taken for names. */
  @Provide
  Arbitrary<ByteVector32> words() {
    return Arbitraries.bytes()
        .between((byte) 0x20, (byte) 0x7f)
        .array(byte[].class)
        .ofMinSize(0)
        .ofMaxSize(32)
        .map(bytes -> new ByteVector32(Arrays.copyOf(bytes, 32)));
  }
}
