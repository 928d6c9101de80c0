package chargepile.agent.market.desk;

import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.units.EvmAddress;
import java.util.Optional;

/**
 * All that both sides of an order sign (P2-08).
 *
 * @param match that it comes from; empty where it is of a listing
 * @param meter whose signature both take as evidence of what flowed
 */
public record Deal(OrderTerms terms, Optional<Pairing> match, EvmAddress meter) {}
