package chargepile.agent.session.pile;

import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.leg.LegEvent;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.notary.Admission;
import fr.acinq.bitcoin.PublicKey;
import java.util.Map;

/**
 * Whether a driver that asks for a channel gets one: who would be offered no session in it hears so
 * before any money is committed.
 */
final class ChannelRequests {
  private final PileChannels channels;
  private final Identities identities;

  ChannelRequests(PileChannels channels, Identities identities) {
    this.channels = channels;
    this.identities = identities;
  }

  void heard(PileStep step, PublicKey node, LegMessage open) {
    step.asking.put(node, open);
    decide(step, node, open);
  }

  /** More is known of who somebody is. */
  void decide(PileStep step) {
    Map.copyOf(step.asking).forEach((node, open) -> decide(step, node, open));
  }

  private void decide(PileStep step, PublicKey node, LegMessage open) {
    switch (identities.admission(step, node)) {
      case Admission.Awaited() -> {} // the clerk's answer comes
      case Admission.Granted() -> {
        step.asking.remove(node);
        channels.open(step, node, new LegEvent.Heard(open));
      }
      case Admission.Denied(String reason) -> {
        step.asking.remove(node);
        step.alert("no channel with driver %s: %s".formatted(node, reason));
        String text = "no channel, for there would be no session in it: " + reason;
        step.answer(node, new PeerMessage.OfLeg(open.refusal(text)));
      }
    }
  }
}
