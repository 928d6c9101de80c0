package chargepile.agent.voucher;

import chargepile.agent.voucher.VoucherChannel.Link;
import chargepile.agent.voucher.wire.VoucherMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * A transition in the making. Whatever order its parts are added in, the finished list stores
 * first, then watches, speaks, goes to the chain, and tells.
 */
final class Step {
  private final VoucherChannel before;
  private VoucherChannel next;
  private String event = "";
  private final List<VoucherMessage> messages = new ArrayList<>();
  private final List<VoucherAction> errands = new ArrayList<>();
  private final List<VoucherAction> told = new ArrayList<>();

  Step(VoucherChannel before) {
    this.before = before;
    this.next = before;
  }

  VoucherChannel next() {
    return next;
  }

  VoucherStage stage() {
    return next.stage();
  }

  Step to(VoucherStage stage) {
    next = next.with(stage);
    return this;
  }

  Step to(Link link) {
    next = next.with(link);
    return this;
  }

  boolean isUp() {
    return next.link() == Link.UP;
  }

  /** The new state is to be stored, under this name in the journal; the first name given stays. */
  Step store(String name) {
    if (event.isEmpty()) {
      event = name;
    }
    return this;
  }

  /** Says something if there is a link to say it on. */
  Step send(VoucherMessage message) {
    if (next.link() != Link.DOWN) {
      messages.add(message);
    }
    return this;
  }

  Step errand(VoucherAction.Errand errand) {
    errands.add(errand);
    return this;
  }

  Step tell(VoucherNotice notice) {
    told.add(new VoucherAction.Notify(notice));
    return this;
  }

  Step alert(String text) {
    told.add(new VoucherAction.Alert(text));
    return this;
  }

  Step refuse(String reason) {
    return tell(new VoucherNotice.CommandRefused(reason));
  }

  VoucherTransition done() {
    List<VoucherAction> actions = new ArrayList<>();
    VoucherAction.Watch watched = Watching.errand(next.stage());
    boolean watchesAnother = !watched.equals(Watching.errand(before.stage()));
    if (event.isEmpty() && (watchesAnother || !messages.isEmpty() || !errands.isEmpty())) {
      event = next.stage().title();
    }
    if (!event.isEmpty()) {
      actions.add(new VoucherAction.Store(event));
    }
    if (watchesAnother) {
      actions.add(watched);
    }
    if (!messages.isEmpty()) {
      actions.add(new VoucherAction.Send(messages));
    }
    actions.addAll(errands);
    actions.addAll(told);
    return new VoucherTransition(next, actions);
  }
}
