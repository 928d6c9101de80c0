package chargepile.agent.cli.inspect;

import chargepile.agent.channel.ChannelSetup;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.runtime.Json;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.JournalEntry;
import chargepile.agent.store.StoreSize;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.eip712.Voucher;
import java.util.Locale;
import java.util.TreeMap;

/** A store's content as one JSON object; the README lists the fields. */
final class StoreJson {
  private StoreJson() {}

  static Json of(StoreReport report) {
    Json.Fields meta = Json.object();
    new TreeMap<>(report.snapshot().meta()).forEach(meta::put);
    Json.Fields fields = Json.object();
    report.damage().ifPresent(damage -> fields.put("damage", String.valueOf(damage.getMessage())));
    return fields
        .put("file", report.file().toString())
        .put("meta", meta.end())
        .put("channels", Json.array(report.channels().stream().map(StoreJson::channel).toList()))
        .put(
            "registers",
            Json.object()
                .put("import_mwh", report.snapshot().registers().importMwh())
                .put("export_mwh", report.snapshot().registers().exportMwh())
                .end())
        .put("unsent", report.snapshot().unsent().size())
        .put("journal_sequence", report.snapshot().journalSequence())
        .put("journal", Json.array(report.journal().stream().map(StoreJson::entry).toList()))
        .put("size", size(report.size()))
        .end();
  }

  private static Json channel(ChannelReport channel) {
    ChannelRow row = channel.row();
    AmountUnit unit = channel.money().unit();
    Json.Fields fields =
        Json.object()
            .put("id", row.id().toString())
            .put("peer", row.peer().toHex())
            .put("stage", row.stage())
            .put(
                switch (unit) {
                  case MILLISATOSHI -> "capacity_sat";
                  case BASE_UNIT -> "capacity_base_units";
                },
                row.capacitySat())
            .put("local_" + unit.key(), row.localMsat())
            .put("remote_" + unit.key(), row.remoteMsat())
            .put("local_commitment", row.commitmentNumber())
            .put("signed_remote_commitment", row.marks().remoteSigned())
            .put("revoked_commitment", row.marks().revoked());
    channel.commitments().ifPresent(commitments -> commitments(fields, commitments));
    channel
        .lost()
        .ifPresent(
            kept ->
                fields.put("funding_outpoint", kept.funding().txid + ":" + kept.funding().index));
    channel.book().ifPresent(book -> book(fields, book));
    channel
        .ended()
        .ifPresent(
            ended ->
                fields
                    .put("outcome", ended.outcome().toLowerCase(Locale.ROOT))
                    .put("reason", ended.reason()));
    channel.problem().ifPresent(problem -> fields.put("problem", problem));
    return fields.end();
  }

  private static void book(Json.Fields fields, VoucherBook book) {
    VoucherSetup setup = book.setup();
    fields
        .put("chain_id", setup.domain().chainId())
        .put("voucher_channel", setup.domain().contract().toString())
        .put("token", setup.token().toString())
        .put("opener", setup.own() == Party.A ? "self" : "peer")
        .put("meters", setup.metering() ? "self" : "peer")
        .put("own_account", setup.ownAddress().toString())
        .put("peer_account", setup.peerAddress().toString())
        .put("challenge_period_s", setup.challengePeriod().toSeconds());
    book.sent().ifPresent(sent -> fields.put("sent_voucher", voucher(sent.voucher())));
    book.received().ifPresent(got -> fields.put("received_voucher", voucher(got.voucher())));
  }

  private static Json voucher(Voucher voucher) {
    return Json.object()
        .put("number", voucher.seq())
        .put("cumulative_base_units", voucher.cumulative().value())
        .end();
  }

  private static void commitments(Json.Fields fields, Commitments commitments) {
    ChannelSetup setup = commitments.setup();
    CommitmentSpec spec = commitments.local().allocation().spec();
    fields
        .put("remote_commitment", commitments.remote().number())
        .put("funding_outpoint", commitments.funding().txid + ":" + commitments.funding().index)
        .put("funder", setup.funder() ? "self" : "peer")
        .put("meters", setup.metering() ? "self" : "peer")
        .put("feerate_per_kw", spec.feerate().satoshiPerKw())
        .put("htlcs", spec.htlcs().size())
        .put("local_to_self_delay", setup.local().toSelfDelay())
        .put("remote_to_self_delay", setup.remote().toSelfDelay())
        .put("local_reserve_sat", setup.local().reserve().value())
        .put("remote_reserve_sat", setup.remote().reserve().value());
    commitments
        .local()
        .allocation()
        .session()
        .ifPresent(
            session ->
                fields.put(
                    "session",
                    Json.object()
                        .put("id", session.session().toString())
                        .put("import", total(session.imported()))
                        .put("export", total(session.exported()))
                        .end()));
  }

  private static Json total(SessionTotals.Total total) {
    return Json.object()
        .put("energy_mwh", total.energy().value())
        .put("duration_ms", total.duration())
        .put("amount_msat", total.amount().value())
        .end();
  }

  private static Json entry(JournalEntry entry) {
    Json.Fields fields =
        Json.object()
            .put("sequence", entry.sequence())
            .put("at", entry.note().at().toString())
            .put("event", entry.note().event());
    entry.note().channel().ifPresent(channel -> fields.put("channel", channel.toString()));
    return fields
        .put("commitment", entry.note().commitmentNumber())
        .put("text", entry.note().text())
        .end();
  }

  private static Json size(StoreSize size) {
    Json.Fields rows = Json.object();
    new TreeMap<>(size.rows()).forEach(rows::put);
    return Json.object()
        .put("database_bytes", size.databaseBytes())
        .put("wal_bytes", size.walBytes())
        .put("rows", rows.end())
        .end();
  }
}
