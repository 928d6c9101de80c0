package chargepile.agent.cli.driver;

import chargepile.agent.channel.ChannelAction;
import chargepile.agent.cli.Figures;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.Direction;
import chargepile.agent.voucher.VoucherAction;
import java.util.Locale;
import java.util.Optional;

/** What a driver's node says, in a line for people. */
final class DriverLines {
  private final Denomination money;

  /**
   * @param money how amounts are written
   */
  DriverLines(Denomination money) {
    this.money = money;
  }

  Denomination money() {
    return money;
  }

  String amount(Amount amount) {
    return Figures.money(money, amount);
  }

  Optional<String> line(DriverAction action) {
    return switch (action) {
      case DriverAction.Tell(var notice) -> Optional.of(line(notice));
      case DriverAction.Alert(String text) -> Optional.of("attention: " + text);
      case DriverAction.Errand(
              LegAction.OnBitcoin(ChannelAction.Broadcast(var transaction, String purpose))) ->
          Optional.of("publishing %s %s".formatted(purpose, transaction.txid));
      case DriverAction.Errand(LegAction.OnEvm(var errand)) -> line(errand);
      case DriverAction.Store _,
          DriverAction.Send _,
          DriverAction.Errand _,
          DriverAction.Ask _,
          DriverAction.SetTimer _,
          DriverAction.CancelTimer _ ->
          Optional.empty();
    };
  }

  private Optional<String> line(VoucherAction.Errand errand) {
    return switch (errand) {
      case VoucherAction.OpenOnChain(_, Amount deposit) ->
          Optional.of("putting %s into a channel on the chain".formatted(amount(deposit)));
      case VoucherAction.AbandonOpening _ -> Optional.of("giving the channel's opening up");
      case VoucherAction.RaiseDeposit(_, Amount total) ->
          Optional.of("raising the deposit to %s".formatted(amount(total)));
      case VoucherAction.CloseTogether _ ->
          Optional.of("having the contract pay out what both signed");
      case VoucherAction.RequestClose _ -> Optional.of("asking the contract to close the channel");
      case VoucherAction.Challenge(_, var best) ->
          Optional.of(
              "answering the close with a better voucher, number %d"
                  .formatted(best.voucher().seq()));
      case VoucherAction.Settle _ -> Optional.of("having the contract pay the channel out");
      case VoucherAction.Claim _ -> Optional.of("fetching what the contract still owes");
      case VoucherAction.Hold _ -> Optional.of("having the channel wait for a preimage");
      case VoucherAction.RegisterPreimage _ -> Optional.of("publishing a preimage");
      case VoucherAction.Redeem _ -> Optional.of("redeeming a conditional voucher");
      case VoucherAction.Watch _, VoucherAction.AskPreimage _ -> Optional.empty();
    };
  }

  private String line(DriverNotice notice) {
    return switch (notice) {
      case DriverNotice.ChannelFunded(var funding) -> "channel funded by " + funding;
      case DriverNotice.ChannelUsable() -> "channel usable";
      case DriverNotice.OfferAccepted(SessionOffer offer) ->
          "session %s: %s a kWh, an update every %s"
              .formatted(
                  offer.sessionId(),
                  amount(offer.tariff().importPricePerKwh()),
                  Figures.energy(offer.increment()));
      case DriverNotice.OfferRefused(_, String text) -> "offer refused: " + text;
      case DriverNotice.EnergyPaid(var claim) ->
          "%s %s for %s"
              .formatted(
                  claim.direction() == Direction.IMPORT ? "paid" : "received",
                  amount(claim.amount()),
                  Figures.energy(claim.energy()));
      case DriverNotice.ClaimRefused(_, _, String text) -> "claim refused: " + text;
      case DriverNotice.SessionStopping(_, String text) -> "session stopping: " + text;
      case DriverNotice.SessionEnded(var summary) -> "session ended: " + words(summary.reason());
      case DriverNotice.PileCertified(String name) -> "the pile is certified as " + name;
      case DriverNotice.PileNotCertified(String reason, _) ->
          "the pile is not certified: " + reason;
      case DriverNotice.Admitted() -> "the pile agrees to sessions with this driver after all";
      case DriverNotice.NotAdmitted(String text) ->
          "the pile agrees to no terms with this driver: " + text;
      case DriverNotice.SettlementSigned(var id, _) ->
          "settlement certificate signed by both: " + id;
      case DriverNotice.SettlementNotSigned(var id, String reason) ->
          "settlement certificate not signed: %s: %s".formatted(id, reason);
      case DriverNotice.ChannelEnding(String reason) -> "channel closing: " + reason;
      case DriverNotice.ChannelClosed(var outcome) -> "channel settled: " + words(outcome);
    };
  }

  static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
