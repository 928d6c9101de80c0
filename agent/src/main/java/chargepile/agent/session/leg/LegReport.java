package chargepile.agent.session.leg;

import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.voucher.VoucherEvent;

/** What came of an errand, or what a ledger has to say by itself. */
public sealed interface LegReport {
  /** For a penalty channel. */
  record OnBitcoin(ChannelEvent.Report report) implements LegReport {}

  /** For a voucher channel. */
  record OnEvm(VoucherEvent.Report report) implements LegReport {}
}
