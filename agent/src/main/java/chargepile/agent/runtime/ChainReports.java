package chargepile.agent.runtime;

import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.leg.LegReport;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;

/** What a node hears of its ledger, on its mailbox. */
interface ChainReports {
  /** What came of an errand of the channel with a peer, or what the chain says of it. */
  void of(PublicKey peer, LegReport report);

  /** The network will not take a transaction; told once for each. */
  void refused(String what, String reason);

  /** The chain went out of sight, came back, or has another trouble. */
  void standing(Optional<ChainTrouble> trouble);
}
