package chargepile.agent.cli.inspect;

import chargepile.agent.channel.ChannelSetup;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.cli.Figures;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.JournalEntry;
import chargepile.agent.store.RegistersRow;
import chargepile.agent.store.StoreSize;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherSetup;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A store's content for people. */
final class StoreTable {
  private static final int SHORT_ID = 8;

  private final PrintWriter out;
  private final StoreReport report;

  StoreTable(PrintWriter out, StoreReport report) {
    this.out = out;
    this.report = report;
  }

  void print() {
    head();
    report.channels().forEach(this::channel);
    journal();
  }

  private void head() {
    StoreSize size = report.size();
    out.println(report.file());
    if (report.damage().isPresent()) {
      row("DAMAGED", "only what can still be read is shown");
    }
    row(
        "size",
        "%s (database %s, log %s)"
            .formatted(
                Figures.bytes(size.bytes()),
                Figures.bytes(size.databaseBytes()),
                Figures.bytes(size.walBytes())));
    row(
        "rows",
        new TreeMap<>(size.rows())
            .entrySet().stream()
                .map(e -> "%s %s".formatted(e.getKey(), Figures.grouped(e.getValue())))
                .collect(Collectors.joining(", ")));
    new TreeMap<>(report.snapshot().meta()).forEach(this::row);
    RegistersRow registers = report.snapshot().registers();
    row(
        "registers",
        "import %s, export %s"
            .formatted(
                Figures.energy(new MilliWattHours(registers.importMwh())),
                Figures.energy(new MilliWattHours(registers.exportMwh()))));
    row("unsent", Figures.grouped(report.snapshot().unsent().size()) + " messages");
    if (report.snapshot().channels().isEmpty()) {
      row("channels", "none");
    }
  }

  private void channel(ChannelReport channel) {
    ChannelRow row = channel.row();
    out.println();
    out.printf("channel %s%n", row.id());
    row("peer", row.peer().toHex());
    row("stage", channel.leg().map(leg -> leg.title()).orElse(row.stage()));
    channel.problem().ifPresent(problem -> row("UNREADABLE", problem));
    channel
        .ended()
        .ifPresent(
            ended ->
                row(
                    "ended",
                    ended.outcome().toLowerCase(Locale.ROOT).replace('_', ' ')
                        + (ended.reason().isEmpty() ? "" : ": " + ended.reason())));
    Denomination money = channel.money();
    row("capacity", Figures.money(money, channel.capacity()));
    channel
        .lost()
        .ifPresentOrElse(
            kept -> {
              row("balances", "not known: the channel's data was lost");
              row("funding", kept.funding().txid + ":" + kept.funding().index);
            },
            () -> {
              row("own balance", Figures.money(money, new Amount(row.localMsat())));
              row("peer's balance", Figures.money(money, new Amount(row.remoteMsat())));
            });
    channel.commitments().ifPresent(this::commitments);
    channel.book().ifPresent(book -> book(money, book));
  }

  private void book(Denomination money, VoucherBook book) {
    VoucherSetup setup = book.setup();
    row(
        "vouchers",
        "%s; %s"
            .formatted(
                voucher("sent", money, book.sent()), voucher("received", money, book.received())));
    row(
        "contract",
        "%s on chain %d, token %s"
            .formatted(
                Eip55.write(setup.domain().contract()),
                setup.domain().chainId(),
                Eip55.write(setup.token())));
    row(
        "terms",
        "opened by %s, metered by %s, challenge period %s"
            .formatted(
                setup.own() == Party.A ? "this side" : "the peer",
                setup.metering() ? "this side" : "the peer",
                Figures.duration(setup.challengePeriod())));
    row(
        "accounts",
        "own %s, peer's %s"
            .formatted(Eip55.write(setup.ownAddress()), Eip55.write(setup.peerAddress())));
  }

  private static String voucher(String what, Denomination money, Optional<SignedVoucher> latest) {
    return latest
        .map(
            signed ->
                "%s number %d for %s"
                    .formatted(
                        what,
                        signed.voucher().seq(),
                        Figures.money(money, signed.voucher().cumulative())))
        .orElse("none " + what);
  }

  private void commitments(Commitments commitments) {
    ChannelSetup setup = commitments.setup();
    CommitmentSpec spec = commitments.local().allocation().spec();
    row(
        "commitments",
        "own %s, peer's %s%s"
            .formatted(
                Figures.grouped(commitments.local().number()),
                Figures.grouped(commitments.remote().number()),
                commitments
                    .remoteNext()
                    .map(
                        next ->
                            ", its %d signed and not acknowledged"
                                .formatted(next.commit().number()))
                    .orElse("")));
    row("funding", commitments.funding().txid + ":" + commitments.funding().index);
    row(
        "terms",
        "funded by %s, metered by %s, feerate %d sat/kw, to_self_delay own %d, peer's %d blocks"
            .formatted(
                setup.funder() ? "this side" : "the peer",
                setup.metering() ? "this side" : "the peer",
                spec.feerate().satoshiPerKw(),
                setup.local().toSelfDelay(),
                setup.remote().toSelfDelay()));
    if (!spec.htlcs().isEmpty()) {
      row("HTLCs", Figures.grouped(spec.htlcs().size()));
    }
    commitments
        .local()
        .allocation()
        .session()
        .ifPresent(
            session -> {
              row("last session", session.session().toString());
              total("import", session.imported());
              total("export", session.exported());
            });
  }

  private void total(String direction, SessionTotals.Total total) {
    if (!total.equals(SessionTotals.Total.ZERO)) {
      row(
          "",
          "%s %s in %s for %s"
              .formatted(
                  direction,
                  Figures.energy(total.energy()),
                  Figures.duration(Duration.ofMillis(total.duration())),
                  Figures.sat(total.amount())));
    }
  }

  private void journal() {
    if (report.journal().isEmpty()) {
      return;
    }
    out.println();
    out.printf("journal, to %s%n", Figures.grouped(report.snapshot().journalSequence()));
    for (JournalEntry entry : report.journal()) {
      String text = entry.note().text();
      out.printf(
          "  %8d  %-24s  %-8s %6s  %s%s%n",
          entry.sequence(),
          entry.note().at(),
          entry.note().channel().map(id -> id.toString().substring(0, SHORT_ID)).orElse(""),
          entry.note().channel().isPresent() ? "#" + entry.note().commitmentNumber() : "",
          entry.note().event(),
          text.isEmpty() ? "" : ": " + text);
    }
  }

  private void row(String title, String text) {
    out.printf("  %-14s  %s%n", title, text);
  }
}
