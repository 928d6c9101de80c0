package chargepile.agent.runtime;

import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.leg.LegReport;
import chargepile.agent.session.pile.PileEvent;
import fr.acinq.bitcoin.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a pile hears of its ledger and of its drivers, as events. */
record PileReports(Consumer<PileEvent> machine) implements ChainReports, PeerLinks.Reports {
  @Override
  public void of(PublicKey peer, LegReport report) {
    machine.accept(new PileEvent.Reported(peer, report));
  }

  @Override
  public void refused(String what, String reason) {
    machine.accept(new PileEvent.TransactionRefused(what, reason));
  }

  @Override
  public void standing(Optional<ChainTrouble> trouble) {
    machine.accept(new PileEvent.ChainStanding(trouble));
  }

  @Override
  public void connected(PublicKey peer) {
    machine.accept(new PileEvent.PeerConnected(peer));
  }

  @Override
  public void said(PublicKey peer, List<PeerMessage> messages) {
    machine.accept(new PileEvent.PeerSaid(peer, messages));
  }

  @Override
  public void disconnected(PublicKey peer) {
    machine.accept(new PileEvent.PeerDisconnected(peer));
  }
}
