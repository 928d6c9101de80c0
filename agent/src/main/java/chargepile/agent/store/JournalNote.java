package chargepile.agent.store;

import chargepile.agent.units.ChannelId;
import java.time.Instant;
import java.util.Optional;

/**
 * One line of the journal, for people: what happened. Every commit has one.
 *
 * @param at wall time, kept in whole milliseconds; it may jump, the sequence does not
 * @param event a short name such as {@code energy_update}
 * @param commitmentNumber of the local commitment after the event; 0 where there is no channel
 * @param text details, or empty
 */
public record JournalNote(
    Instant at, String event, Optional<ChannelId> channel, long commitmentNumber, String text) {}
