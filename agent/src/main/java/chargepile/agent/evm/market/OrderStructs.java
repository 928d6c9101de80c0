package chargepile.agent.evm.market;

import chargepile.agent.evm.Abi;
import chargepile.agent.evm.TokenContract.Permit;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.Charges;
import chargepile.agent.market.order.DefaultRule;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.ListingId;
import chargepile.agent.market.order.ListingVersion;
import chargepile.agent.market.order.Metering;
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.Settlement;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import com.esaulpaugh.headlong.abi.Tuple;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The structs of orders, member by member as in the contract's sources. */
final class OrderStructs {
  private static final List<Object> NO_PERMIT =
      List.of(0, 0, ByteVector32.Zeroes, ByteVector32.Zeroes);

  private OrderStructs() {}

  static List<Object> of(ContractTerms terms) {
    OrderTerms order = terms.order();
    return List.of(
        order.id().value(),
        terms.listing(),
        terms.listingVersion(),
        terms.ask(),
        terms.bid(),
        terms.seller(),
        terms.buyer(),
        order.price().doubled(),
        order.energy().value(),
        order.window().start().getEpochSecond(),
        order.window().end().getEpochSecond(),
        ChainNames.word(order.point().feeder()),
        ChainNames.word(order.point().pile()),
        terms.exported(),
        ChainNames.word(order.type()),
        order.quantity(),
        order.tableVersion(),
        order.onDefault().amount(),
        order.onDefault().ratePerKwh(),
        order.onDefault().toleranceBasisPoints(),
        order.charges().fees().gridBasisPoints(),
        order.charges().fees().agencyBasisPoints(),
        ChainNames.account(order.charges().grid()),
        ChainNames.account(order.charges().agency()),
        terms.meter());
  }

  /**
   * Terms out of a log; empty where they are none of ours. They are when their key is the one that
   * the contract computed.
   */
  static Optional<ContractTerms> terms(Tuple x, OrderKey key) {
    try {
      return Optional.of(terms(x)).filter(terms -> terms.key().equals(key));
    } catch (IllegalArgumentException e) {
      // Anybody may request anything; what can't be written down here is never agreed to.
      return Optional.empty();
    }
  }

  private static ContractTerms terms(Tuple x) {
    OrderTerms order =
        new OrderTerms(
            new OrderId(number(x, 0)),
            number(x, 1) == 0
                ? Optional.empty()
                : Optional.of(new ListingVersion(new ListingId(number(x, 1)), (int) number(x, 2))),
            ChainNames.trader(Abi.address(x.get(5))),
            ChainNames.trader(Abi.address(x.get(6))),
            new TradePrice(number(x, 7)),
            energy(x, 8),
            new DeliveryWindow(time(x, 9), time(x, 10)),
            new DeliveryPoint(
                ChainNames.feeder(Abi.hash(x.get(11))),
                ChainNames.pile(Abi.hash(x.get(12))),
                x.<Boolean>get(13) ? Direction.EXPORT : Direction.IMPORT),
            ChainNames.energyType(Abi.hash(x.get(14))),
            number(x, 15),
            (int) number(x, 16),
            new DefaultRule(Abi.amount(x.get(17)), Abi.amount(x.get(18)), (int) number(x, 19)),
            new Charges(
                new RevenueSplit.Fees((int) number(x, 20), (int) number(x, 21)),
                ChainNames.trader(Abi.address(x.get(22))),
                ChainNames.trader(Abi.address(x.get(23)))));
    return new ContractTerms(
        order,
        number(x, 3) == 0 && number(x, 4) == 0
            ? Optional.empty()
            : Optional.of(new MatchedQuotes(new QuoteId(number(x, 3)), new QuoteId(number(x, 4)))),
        Abi.address(x.get(24)));
  }

  static boolean isNobody(EvmAddress account) {
    for (byte each : account.value().toByteArray()) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  static List<Object> of(Metering metering) {
    return List.of(metering.available().value(), metering.taken().value(), metering.paid().value());
  }

  static Metering metering(Tuple x) {
    return new Metering(energy(x, 0), energy(x, 1), Abi.amount(x.get(2)));
  }

  static Settlement settlement(Tuple x) {
    Amount due = Abi.amount(x.get(0));
    Amount grid = Abi.amount(x.get(7));
    Amount agency = Abi.amount(x.get(8));
    return new Settlement(
        new RevenueSplit(due.minus(grid).minus(agency), grid, agency),
        energy(x, 1),
        energy(x, 2),
        Abi.amount(x.get(3)),
        Abi.amount(x.get(4)),
        Abi.amount(x.get(5)),
        Abi.amount(x.get(6)),
        grid,
        agency);
  }

  /** A permit as the contract takes it; one of deadline 0 where the allowance is there already. */
  static Object of(Optional<Permit> permit) {
    return permit.<Object>map(Permit::tuple).orElse(NO_PERMIT);
  }

  static long number(Tuple x, int index) {
    return Abi.number(x.<Object>get(index));
  }

  static WattHours energy(Tuple x, int index) {
    return new WattHours(number(x, index));
  }

  static Instant time(Tuple x, int index) {
    return Instant.ofEpochSecond(number(x, index));
  }
}
