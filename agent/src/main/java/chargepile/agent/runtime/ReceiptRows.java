package chargepile.agent.runtime;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.Receipt;
import chargepile.agent.session.notary.SettlementId;
import chargepile.agent.store.ReceiptRow;
import chargepile.agent.store.SettlementRow;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.util.List;
import java.util.Map;

/** Receipts as the store keeps them. */
final class ReceiptRows {
  private ReceiptRows() {}

  static ReceiptRow row(PublicKey peer, Receipt receipt) {
    Tariff tariff = receipt.tariff();
    return new ReceiptRow(
        receipt.paid().session(),
        peer.value,
        receipt.channel(),
        receipt.commitment(),
        receipt.begun(),
        receipt.ended(),
        receipt.reason().name(),
        new ReceiptRow.Prices(
            tariff.id(),
            tariff.importPricePerKwh().value(),
            tariff.exportPricePerKwh().value(),
            tariff.pricePerMinute().value()),
        paid(receipt.paid().imported()),
        paid(receipt.paid().exported()),
        receipt
            .summary()
            .map(
                told ->
                    new ReceiptRow.Metered(
                        told.importDelivered().value(), told.exportDelivered().value())),
        receipt.meterKey().map(key -> key.value).orElse(ByteVector.empty),
        receipt.meterRecord());
  }

  static List<SettlementRow> settlements(Map<SettlementId, ByteVector> files) {
    return files.entrySet().stream()
        .map(
            file ->
                new SettlementRow(
                    file.getKey().session(), file.getKey().direction(), file.getValue()))
        .toList();
  }

  private static ReceiptRow.Paid paid(SessionTotals.Total total) {
    return new ReceiptRow.Paid(total.energy().value(), total.duration(), total.amount().value());
  }
}
