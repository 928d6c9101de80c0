package chargepile.agent.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.embedded.DrivenEmbeddedChain;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReservingWalletTest {
  private static final FeeReserve RESERVE = new FeeReserve(new Satoshi(50_000));
  private static final Feerate FEERATE = new Feerate(1000);
  private static final ByteVector CHANNEL = Purse.pay2wsh(Purse.named("bob").afterBlocks(5));

  private final DrivenChain chain = DrivenEmbeddedChain.create();
  private final Wallet within = chain.wallet("pile");
  private int open;
  private final Wallet wallet = new ReservingWallet(within, RESERVE, () -> open);

  @BeforeEach
  void deposit() {
    chain.fund(wallet.freshScript(), new Satoshi(500_000));
  }

  @AfterEach
  void close() {
    chain.close();
  }

  @Test
  void aChannelLeavesItsOwnReserveInTheWallet() {
    ChainException refusal =
        assertThrows(
            ChainException.class, () -> wallet.fund(CHANNEL, new Satoshi(450_000), FEERATE));
    assertEquals(
        "of its 500000 sat the wallet keeps 50000 sat to close 1 channel when fees are high: a"
            + " channel of 450000 sat needs 900 sat more in the wallet",
        refusal.getMessage());
    assertEquals(new Satoshi(500_000), wallet.balance());

    chain.broadcast(wallet.fund(CHANNEL, new Satoshi(449_100), FEERATE));

    assertTrue(wallet.balance().compareTo(RESERVE.of(1)) >= 0);
  }

  @Test
  void theReservesOfOtherChannelsAreKeptToo() {
    open = 3;

    assertThrows(ChainException.class, () -> wallet.fund(CHANNEL, new Satoshi(300_000), FEERATE));
    wallet.fund(CHANNEL, new Satoshi(299_100), FEERATE);
  }
}
