package chargepile.agent.runtime;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.Wallet;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.leg.PenaltyLegs;
import chargepile.agent.session.leg.VoucherLegs;
import chargepile.agent.units.ChannelId;
import chargepile.agent.voucher.VoucherContext;
import chargepile.agent.voucher.VoucherMachine;
import chargepile.agent.voucher.VoucherSettings;
import chargepile.agent.voucher.eip712.Domain;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.util.function.Predicate;

/** The ledger that all channels of a node stand on, and what the node has there. */
public sealed interface NodeLedger {
  /**
   * Penalty channels on Bitcoin.
   *
   * @param closingScript where a cooperative close pays to
   */
  record Bitcoin(Chain chain, Wallet wallet, ChannelSettings settings, ByteVector closingScript)
      implements NodeLedger {}

  /**
   * Voucher channels on an EVM chain (P2-15).
   *
   * @param account signs vouchers; what the contract pays goes to its address
   */
  record Evm(VoucherLedger ledger, VoucherSettings settings, PrivateKey account)
      implements NodeLedger {
    /** For logs: without the key. */
    @Override
    public String toString() {
      return "Evm[%s]".formatted(settings);
    }
  }

  /** What ties a store to this ledger: the chain, and the contract where there is one. */
  default ByteVector32 id() {
    return switch (this) {
      case Bitcoin bitcoin -> bitcoin.settings().chainHash();
      case Evm evm -> evm.settings().domain().separator();
    };
  }

  /** What is paid with. */
  default PaidIn paidIn() {
    return switch (this) {
      case Bitcoin bitcoin -> new PaidIn.Bitcoin();
      case Evm evm -> {
        Domain domain = evm.settings().domain();
        yield new PaidIn.Token(domain.chainId(), domain.contract(), evm.settings().token());
      }
    };
  }

  /** Tells of every change, on a thread of its own. */
  default AutoCloseable onChange(Runnable listener) {
    return switch (this) {
      case Bitcoin bitcoin -> bitcoin.chain().onChange(listener);
      case Evm evm -> evm.ledger().onChange(listener);
    };
  }

  /**
   * The channels of a node with these keys.
   *
   * @param taken whether a channel that is or was had this id
   */
  default Legs legs(NodeKeys keys, boolean metering, Predicate<ChannelId> taken) {
    return switch (this) {
      case Bitcoin on ->
          new PenaltyLegs(
              new ChannelMachines(keys, on.settings(), metering, on.closingScript(), taken));
      case Evm on ->
          new VoucherLegs(
              new VoucherMachine(
                      new VoucherContext(keys.signer(), on.account(), on.settings(), metering),
                      id -> taken.test(new ChannelId(id.value())))
                  ::on);
    };
  }
}
