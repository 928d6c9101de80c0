package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.market.AgencyLimits;
import chargepile.agent.evm.market.OfferedListing;
import chargepile.agent.evm.market.QuoteLog;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.Charges;
import chargepile.agent.market.order.DefaultRule;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.ListingVersion;
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an order is asked for with. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class RequestOptions {
  @Option(
      names = "--listing",
      paramLabel = "LISTING",
      description = "Of this listing: seller and price are its.")
  private @Nullable Long listing;

  @Option(
      names = "--match",
      paramLabel = "ASK:BID",
      description = "Of this match of two quotes: seller, price and energy are its.")
  private @Nullable String match;

  @Option(
      names = "--seller",
      paramLabel = "ADDRESS",
      description = "Of this seller, with --price; without a listing or a match.")
  private @Nullable String seller;

  @Option(
      names = "--price",
      paramLabel = "N",
      description = "For a kWh, in the token's smallest unit; 12.5 is as exact as it gets.")
  private @Nullable String price;

  @Option(
      names = "--energy-wh",
      paramLabel = "N",
      description = "How much, in Wh; a match says it itself.")
  private @Nullable Long energy;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      required = true,
      description = "When the delivery begins, such as 2026-01-01T12:00:00Z.")
  private String start;

  @Option(
      names = "--end",
      paramLabel = "TIME",
      required = true,
      description = "The first second that is no longer of it.")
  private String end;

  @Option(
      names = "--export",
      description = "A car sells: the energy flows into the grid through your pile.")
  private boolean exported;

  @Option(
      names = "--default-amount",
      paramLabel = "N",
      description = {
        "What each side puts into escrow for its default (default: damages for all of the energy,"
            + " and at",
        "least the fees)."
      })
  private @Nullable Long defaultAmount;

  @Option(
      names = "--default-rate",
      paramLabel = "N",
      description =
          "Damages for a kWh beyond the tolerance (default: the least that is published).")
  private @Nullable Long defaultRate;

  @Option(
      names = "--tolerance-bp",
      paramLabel = "N",
      description = "Of the energy, in basis points (default: the most that is published).")
  private @Nullable Integer tolerance;

  @Option(
      names = "--id",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "Your number of it: two orders that are otherwise the same are two by it (default:"
            + " ${DEFAULT-VALUE})."
      })
  private long id;

  /** What it is asked of. */
  private record Deal(
      EvmAddress seller,
      TradePrice price,
      WattHours energy,
      EnergyType type,
      Optional<ListingVersion> listing,
      Optional<MatchedQuotes> match) {}

  /** Where the energy passes, and who measures it. */
  private record Metered(FeederId feeder, PileId pile, EvmAddress meter) {}

  ContractTerms terms(Desk desk) throws CommandFailedException {
    Market market = desk.market();
    DeliveryWindow window = Arguments.window(start, end);
    Deal deal = deal(market);
    EvmBlock head = market.head();
    Metered metered = metered(market, exported ? desk.account() : deal.seller(), head);
    AgencyLimits limits = market.board().limits(BlockRef.hash(head.hash()));
    try {
      return new ContractTerms(
          new OrderTerms(
              new OrderId(id),
              deal.listing(),
              ChainNames.trader(deal.seller()),
              ChainNames.trader(desk.account()),
              deal.price(),
              deal.energy(),
              window,
              new DeliveryPoint(
                  metered.feeder(), metered.pile(), exported ? Direction.EXPORT : Direction.IMPORT),
              deal.type(),
              deal.energy().value(),
              1,
              onDefault(deal, limits),
              new Charges(
                  limits.fees(),
                  ChainNames.trader(market.board().grid()),
                  ChainNames.trader(market.board().agency()))),
          deal.match(),
          metered.meter());
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("no order can be of that: " + e.getMessage(), e);
    }
  }

  private Deal deal(Market market) throws CommandFailedException {
    int given = (listing == null ? 0 : 1) + (match == null ? 0 : 1) + (seller == null ? 0 : 1);
    if (given != 1) {
      throw new CommandFailedException("of what? Give one of --listing, --match and --seller");
    }
    if (listing != null) {
      return ofListing(market, listing);
    }
    if (match != null) {
      return ofMatch(market, match);
    }
    if (price == null || seller == null) {
      throw new CommandFailedException("--price is missing: the seller's, for a kWh");
    }
    return new Deal(
        Arguments.address("--seller", seller),
        Arguments.price("--price", price),
        energy(),
        EnergyType.ELECTRICITY,
        Optional.empty(),
        Optional.empty());
  }

  private Deal ofListing(Market market, long number) throws CommandFailedException {
    OfferedListing offered =
        market
            .offers()
            .listing(ListingsCommand.id(number), BlockRef.LATEST)
            .orElseThrow(() -> new CommandFailedException("there is no listing " + number));
    requireElectricity(offered);
    return new Deal(
        offered.seller(),
        offered.price(),
        energy(),
        offered.type(),
        Optional.of(offered.version()),
        Optional.empty());
  }

  /** Of another kind the quantity would be in another unit than Wh. */
  private static void requireElectricity(OfferedListing offered) throws CommandFailedException {
    if (!offered.type().equals(EnergyType.ELECTRICITY)) {
      throw new CommandFailedException(
          "listing %d is of %s: this command orders electricity"
              .formatted(offered.version().id().value(), offered.type().name()));
    }
  }

  private Deal ofMatch(Market market, String text) throws CommandFailedException {
    if (!text.matches("[1-9][0-9]{0,17}:[1-9][0-9]{0,17}")) {
      throw new CommandFailedException(
          "--match %s: give the numbers of ask and bid, such as 3:7".formatted(text));
    }
    MatchedQuotes quotes =
        new MatchedQuotes(
            new QuoteId(Long.parseLong(text.substring(0, text.indexOf(':')))),
            new QuoteId(Long.parseLong(text.substring(text.indexOf(':') + 1))));
    for (QuoteLog log : market.quotes().history(market.since(), market.head().number())) {
      if (log instanceof QuoteLog.Matched found
          && found.match().ask().equals(quotes.ask())
          && found.match().bid().equals(quotes.bid())) {
        return new Deal(
            found.seller(),
            found.match().price(),
            found.match().energy(),
            EnergyType.ELECTRICITY,
            Optional.empty(),
            Optional.of(quotes));
      }
    }
    throw new CommandFailedException(
        "ask %s and bid %s were never matched, as far as the logs since block %d tell"
            .formatted(quotes.ask(), quotes.bid(), market.since()));
  }

  private WattHours energy() throws CommandFailedException {
    if (energy == null) {
      throw new CommandFailedException("--energy-wh is missing: how much?");
    }
    return Arguments.energy("--energy-wh", energy);
  }

  private static Metered metered(Market market, EvmAddress by, EvmBlock head)
      throws CommandFailedException {
    ByteVector32 id =
        market
            .registry()
            .idOf(by, BlockRef.hash(head.hash()))
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "%s is not registered: nobody would approve the order".formatted(by)));
    PublicKey meter =
        market
            .registry()
            .meter(id, head, market.since())
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "%s has no pile with a meter: does a car sell? Then the pile is yours, and --export says so"
                            .formatted(by)));
    PileId pile = ChainNames.pile(id);
    FeederId feeder =
        market
            .board()
            .feederOf(pile, head)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "the agency has not published on which feeder the pile of %s hangs: ask it to (market review publish-pile)"
                            .formatted(by)));
    return new Metered(feeder, pile, EvmSignature.address(meter));
  }

  private DefaultRule onDefault(Deal deal, AgencyLimits limits) throws CommandFailedException {
    Amount rate =
        defaultRate == null
            ? limits.leastDefaultRate()
            : Arguments.amount("--default-rate", defaultRate);
    int tolerated = tolerance == null ? limits.mostTolerance() : tolerance;
    if (defaultAmount != null) {
      return new DefaultRule(Arguments.amount("--default-amount", defaultAmount), rate, tolerated);
    }
    Amount damages = TradePrice.of(rate).amount(deal.energy()).plus(new Amount(1));
    Amount fees = RevenueSplit.of(deal.price().amount(deal.energy()), limits.fees()).fees();
    return new DefaultRule(damages.compareTo(fees) > 0 ? damages : fees, rate, tolerated);
  }
}
