package chargepile.agent.voucher;

/**
 * What the chain says now of a watched channel. It is the whole state and not a change, so a lost,
 * repeated or reordered report does no harm and a reorganisation needs no event of its own.
 *
 * @param time Unix time in seconds of the latest block
 * @param latest as of the latest block: what is acted on when money is in danger
 * @param finalised as of the last final block: what money is trusted to
 */
public record ChainView(long time, OnLedger latest, OnLedger finalised) {}
