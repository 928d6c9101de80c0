package chargepile.agent.store;

import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;

/**
 * The settlement certificate of a direction of a session, which both parties signed (P1-33). The
 * first one stays.
 *
 * @param signed the certificate with its signature, as it is written into a file
 */
public record SettlementRow(SessionId session, Direction direction, ByteVector signed) {}
