package chargepile.agent.cli.demo;

import chargepile.agent.cli.Figures;
import chargepile.agent.runtime.Json;
import fr.acinq.bitcoin.TxId;
import java.util.Locale;

/** A demo's result as one JSON object; the README lists the fields. */
final class DemoJson {
  private DemoJson() {}

  static Json of(DemoOptions options, DemoResult result) {
    return switch (result) {
      case BitcoinDemoResult bitcoin -> of(options, bitcoin);
      case EvmDemoResult evm -> of(options, evm);
    };
  }

  private static Json of(DemoOptions options, BitcoinDemoResult result) {
    Json.Fields fields = charging(options, result, "msat");
    fields
        .put("commitments", result.commitments())
        .put("outcome", result.outcome().code())
        .put("funding_txid", result.funding().toString())
        .put(
            "settlement_txids",
            Json.strings(result.settlement().stream().map(TxId::toString).toList()))
        .put("pile_received_sat", result.pileReceived().value())
        .put("driver_received_sat", result.driverReceived().value())
        .put("fees_sat", result.fees().value())
        .put("capacity_sat", result.capacity().value());
    return means(fields, result);
  }

  private static Json of(DemoOptions options, EvmDemoResult result) {
    Json.Fields fields = charging(options, result, "base_units");
    fields
        .put("vouchers", result.vouchers())
        .put("outcome", result.outcome().code())
        .put("registry", result.registry().toString())
        .put("bond_base_units", result.bond().value())
        .put("order", result.order().toString())
        .put("ordered_wh", result.ordered().value())
        .put("price_doubled_base_units_per_kwh", result.price().doubled())
        .put("revenue_pile_base_units", result.settlement().split().producer().value())
        .put("revenue_grid_base_units", result.settlement().split().grid().value())
        .put("revenue_agency_base_units", result.settlement().split().agency().value())
        .put("damages_pile_base_units", result.settlement().sellerDamages().value())
        .put("damages_driver_base_units", result.settlement().buyerDamages().value())
        .put("certificate", result.certificate().name().toLowerCase(Locale.ROOT))
        .put("channel", result.channel().toString())
        .put("pile_received_base_units", result.pileReceived().value())
        .put("driver_received_base_units", result.driverReceived().value())
        .put("deposit_base_units", result.deposit().value())
        .put("gas", result.gas());
    return means(fields, result);
  }

  private static Json.Fields charging(DemoOptions options, DemoResult result, String unit) {
    return Json.object()
        .put("trace", options.traceName())
        .put("direction", options.direction().name().toLowerCase(Locale.ROOT))
        .put("imp_per_kwh", options.impulsesPerKwh())
        .put("increment_mwh", options.increment().value())
        .put("price_%s_per_kwh".formatted(unit), options.pricePerKwh().value())
        .put("duration_s", Figures.seconds(result.charged()))
        .put("energy_wh", Figures.wattHours(result.energy()))
        .put("import_wh", Figures.wattHours(result.imported()))
        .put("export_wh", Figures.wattHours(result.exported()))
        .put("paid_wh", Figures.wattHours(result.paid()))
        .put("increments", result.increments())
        .put("amount_" + unit, result.amount().value())
        .put("max_unpaid_mwh", result.maxUnpaid().value())
        .put("credit_mwh", options.credit().value());
  }

  private static Json means(Json.Fields fields, DemoResult result) {
    return fields
        .put(
            "update_ms",
            Json.object()
                .put("p50", Figures.milliseconds(result.updateTime().median(), 3))
                .put("p99", Figures.milliseconds(result.updateTime().p99(), 3))
                .end())
        .put("transport", result.transport())
        .put("chain", result.chain())
        .put("signer", result.signer())
        .put("store_bytes", result.storeBytes())
        .end();
  }
}
