package chargepile.agent.channel;

import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.wire.ChannelMessage;
import fr.acinq.bitcoin.Transaction;
import java.util.ArrayList;
import java.util.List;

/**
 * A transition in the making. Whatever order its parts are added in, the finished list stores
 * first, then watches, speaks, publishes, and tells.
 */
final class Step {
  private final Channel before;
  private Channel next;
  private String event = "";
  private final List<ChannelMessage> messages = new ArrayList<>();
  private final List<ChannelAction> broadcasts = new ArrayList<>();
  private final List<ChannelAction> remembered = new ArrayList<>();
  private final List<ChannelAction> wallet = new ArrayList<>();
  private final List<ChannelAction> told = new ArrayList<>();

  Step(Channel before) {
    this.before = before;
    this.next = before;
  }

  Channel next() {
    return next;
  }

  Step to(Stage stage) {
    next = next.with(stage);
    return this;
  }

  Step to(FundingWatch funding) {
    next = next.with(funding);
    return this;
  }

  Step to(Link link) {
    next = next.with(link);
    return this;
  }

  /** The new state is to be stored, under this name in the journal; the first name given stays. */
  Step store(String name) {
    if (event.isEmpty()) {
      event = name;
    }
    return this;
  }

  /** Says something if there is a link to say it on. */
  Step send(ChannelMessage message) {
    if (next.link() != Link.DOWN) {
      messages.add(message);
    }
    return this;
  }

  Step broadcast(Transaction transaction, String purpose) {
    broadcasts.add(new ChannelAction.Broadcast(transaction, purpose));
    return this;
  }

  Step broadcast(Transaction parent, Transaction child, String purpose) {
    broadcasts.add(new ChannelAction.BroadcastPackage(parent, child, purpose));
    return this;
  }

  /** Keeps the HTLCs of a commitment that is revoked from now on. */
  Step remember(long number, List<Htlc> htlcs) {
    remembered.add(new ChannelAction.Remember(number, htlcs));
    return this;
  }

  Step wallet(ChannelAction.Errand action) {
    wallet.add(action);
    return this;
  }

  Step tell(ChannelNotice notice) {
    told.add(new ChannelAction.Notify(notice));
    return this;
  }

  Step alert(String text) {
    told.add(new ChannelAction.Alert(text));
    return this;
  }

  ChannelTransition done() {
    List<ChannelAction> actions = new ArrayList<>();
    if (event.isEmpty() && !(messages.isEmpty() && broadcasts.isEmpty())) {
      event = next.stage().title();
    }
    if (!event.isEmpty()) {
      actions.add(new ChannelAction.Store(event));
    }
    actions.addAll(remembered);
    Watches watches = Watching.of(next.stage());
    if (!watches.equals(Watching.of(before.stage()))) {
      actions.add(new ChannelAction.Watch(watches));
    }
    if (!messages.isEmpty()) {
      actions.add(new ChannelAction.Send(messages));
    }
    actions.addAll(broadcasts);
    actions.addAll(wallet);
    actions.addAll(told);
    return new ChannelTransition(next, actions);
  }
}
