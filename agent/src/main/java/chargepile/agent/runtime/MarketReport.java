package chargepile.agent.runtime;

import chargepile.agent.market.desk.Decision;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OwnSide;

/** What a look at the market came to. */
public record MarketReport(MarketView view, OwnSide own, Decision decision) {}
