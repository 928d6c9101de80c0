package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.Signer;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.SigningMarks;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.Deposits;
import chargepile.agent.voucher.Funds;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.Payments;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.VoucherStage;
import chargepile.agent.voucher.eip712.Domain;
import chargepile.agent.voucher.eip712.Voucher;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Voucher channels in the store. */
class VoucherRowsTest {
  private static final Signer SIGNER = new BouncyCastleSigner();
  private static final PrivateKey KEY = new PrivateKey(ByteVector32.One);
  private static final PublicKey PEER = SIGNER.publicKey(KEY);
  private static final VoucherSetup SETUP =
      new VoucherSetup(
          new Domain(31337, address(1)),
          address(2),
          address(3),
          address(4),
          5,
          Duration.ofHours(1),
          Party.A,
          false);

  private static EvmAddress address(int number) {
    byte[] bytes = new byte[20];
    bytes[19] = (byte) number;
    return new EvmAddress(new ByteVector(bytes));
  }

  /** A driver who put 1000 units in and has paid 300 of them with its second voucher. */
  private static PeerChannel paying() {
    Voucher voucher = new Voucher(SETUP.id(), address(3), new Amount(300), 2, ByteVector32.One);
    Deposits deposits = new Deposits(new Amount(1000), Amount.ZERO);
    VoucherBook book =
        new VoucherBook(
            SETUP,
            1_700_000_000,
            new Funds(deposits, deposits, deposits, Optional.empty()),
            new Payments(
                Optional.of(new SignedVoucher(voucher, SETUP.domain().sign(SIGNER, voucher, KEY))),
                Optional.empty()),
            new Payments(Optional.empty(), Optional.empty()),
            Optional.empty(),
            Optional.empty());
    return new PeerChannel(
        7,
        new VoucherLeg(
            new VoucherChannel(
                VoucherChannel.Link.DOWN, new VoucherStage.Normal(book, Optional.empty()))));
  }

  @Test
  void aRowSaysWhatIsInTheChannelAndHowFarItsVouchersHaveGone() {
    ChannelRow row = ChannelRows.row(PEER, paying()).orElseThrow();

    assertEquals(new ChannelId(SETUP.id().value()), row.id());
    assertEquals("Normal", row.stage());
    assertEquals(2, row.commitmentNumber());
    assertEquals(700, row.localMsat());
    assertEquals(300, row.remoteMsat());
    assertEquals(1000, row.capacitySat());
    assertEquals(2, row.marks().remoteSigned());
    assertEquals(32, row.marks().remoteSignedDigest().length);
    assertEquals(SigningMarks.NOTHING, row.marks().localStored());
    assertEquals(paying(), ChannelRows.channel(row));
  }

  @Test
  void aRowWithTheStateOfAnotherChannelIsRefused() {
    ChannelRow row = ChannelRows.row(PEER, paying()).orElseThrow();
    ChannelRow other =
        new ChannelRow(
            new ChannelId(ByteVector32.One),
            row.peer(),
            row.stage(),
            row.commitmentNumber(),
            row.localMsat(),
            row.remoteMsat(),
            row.capacitySat(),
            row.state(),
            row.marks());
    assertThrows(MalformedStateException.class, () -> ChannelRows.channel(other));
  }

  @Test
  void whatNobodyAgreedToHasNoRow() {
    assertTrue(ChannelRows.row(PEER, new PeerChannel(7, VoucherLeg.NEW)).isEmpty());
  }
}
