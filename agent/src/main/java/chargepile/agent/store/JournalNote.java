package chargepile.agent.store;

import chargepile.agent.units.ChannelId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One line of the journal, for people: what happened. Every commit has one.
 *
 * @param at wall time, cut to whole milliseconds; it may jump, the sequence does not
 * @param event a short name such as {@code energy_update}
 * @param commitmentNumber of the local commitment after the event; 0 where there is no channel
 * @param text details, or empty; cut at {@link #TEXT_LIMIT} characters, because it may quote a peer
 */
public record JournalNote(
    Instant at, String event, Optional<ChannelId> channel, long commitmentNumber, String text) {
  /** The longest text that is kept, in characters. */
  public static final int TEXT_LIMIT = 500;

  public JournalNote {
    at = at.truncatedTo(ChronoUnit.MILLIS);
    if (text.length() > TEXT_LIMIT) {
      text = text.substring(0, TEXT_LIMIT - 1) + "…";
    }
  }
}
