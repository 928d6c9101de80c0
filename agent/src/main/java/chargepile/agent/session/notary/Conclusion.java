package chargepile.agent.session.notary;

import chargepile.agent.energy.SessionTotals;

/**
 * What was paid for a session in the end, when it is known for good.
 *
 * @param commitment the number of the pile's last commitment
 */
public record Conclusion(SessionTotals paid, long commitment) {}
