package chargepile.agent.channel;

import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.UpdateFailHtlc;
import chargepile.agent.channel.wire.UpdateFulfillHtlc;
import java.util.List;
import java.util.stream.Stream;

/**
 * One side's updates on their way into both commitment transactions (BOLT 2, "Normal Operation").
 *
 * @param proposed said, and in neither side's commitment yet
 * @param signed in a commitment whose owner has not revoked the one before
 * @param acked in one side's commitment for good, and not yet in the other's
 */
public record Changes(
    List<ChannelMessage> proposed, List<ChannelMessage> signed, List<ChannelMessage> acked) {
  public static final Changes NONE = new Changes(List.of(), List.of(), List.of());

  public Changes {
    proposed = List.copyOf(proposed);
    signed = List.copyOf(signed);
    acked = List.copyOf(acked);
  }

  boolean isEmpty() {
    return proposed.isEmpty() && signed.isEmpty() && acked.isEmpty();
  }

  /** Whether one of these fulfils or fails HTLC {@code id} of the other side. */
  boolean answers(long id) {
    return Stream.of(proposed, signed, acked)
        .flatMap(List::stream)
        .anyMatch(
            update ->
                (update instanceof UpdateFulfillHtlc fulfilled && fulfilled.id() == id)
                    || (update instanceof UpdateFailHtlc failed && failed.id() == id));
  }

  Changes propose(ChannelMessage update) {
    return new Changes(Stream.concat(proposed.stream(), Stream.of(update)).toList(), signed, acked);
  }

  /** Forgets what was only said: a lost link undoes it (BOLT 2, "Message Retransmission"). */
  Changes withoutProposed() {
    return new Changes(List.of(), signed, acked);
  }
}
