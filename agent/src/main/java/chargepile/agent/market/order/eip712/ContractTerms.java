package chargepile.agent.market.order.eip712;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.ListingVersion;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import java.util.Optional;

/**
 * An order's terms as both parties sign them for the contract (P2-02, P2-08).
 *
 * @param order its parties, grid and agency are accounts, its names such as {@link ChainNames}
 *     takes
 * @param match that it is made of
 * @param meter whose signature is evidence of what flowed (P2-11): the registered one of the pile
 */
public record ContractTerms(OrderTerms order, Optional<MatchedQuotes> match, EvmAddress meter)
    implements OrderMessage {
  private static final ByteVector32 TYPE =
      Keccak256.hash(
          "OrderTerms(uint64 id,uint64 listing,uint32 listingVersion,uint64 ask,uint64 bid,"
              + "address seller,address buyer,uint64 doubledPrice,uint64 energyWh,uint40 start,"
              + "uint40 end,bytes32 feeder,bytes32 pile,bool exported,bytes32 energyType,"
              + "uint64 quantity,uint32 tableVersion,uint64 defaultAmount,uint64 defaultRate,"
              + "uint16 toleranceBp,uint16 gridBp,uint16 agencyBp,address grid,address agency,"
              + "address meter)");

  private static final EvmAddress NOBODY = new EvmAddress(new ByteVector(new byte[20]));

  /**
   * @throws IllegalArgumentException when a name in the order is none on a chain, the listing has
   *     no number there, or the meter is nobody's or a party's account
   */
  public ContractTerms {
    for (Trader trader :
        List.of(order.seller(), order.buyer(), order.charges().grid(), order.charges().agency())) {
      var unused = ChainNames.account(trader);
    }
    var unused = ChainNames.word(order.point().feeder());
    if (order.listing().filter(from -> from.id().value() == 0).isPresent()) {
      throw new IllegalArgumentException("listings on the chain count from 1");
    }
    if (meter.equals(NOBODY)
        || meter.equals(ChainNames.account(order.seller()))
        || meter.equals(ChainNames.account(order.buyer()))) {
      throw new IllegalArgumentException("the meter of an order is neither nobody nor a party");
    }
  }

  /** By which the contract knows the order. */
  public OrderKey key() {
    return new OrderKey(structHash());
  }

  public EvmAddress seller() {
    return ChainNames.account(order.seller());
  }

  public EvmAddress buyer() {
    return ChainNames.account(order.buyer());
  }

  /** The listing that it is from; 0 for none. */
  public long listing() {
    return order.listing().map(from -> from.id().value()).orElse(0L);
  }

  public long listingVersion() {
    return order.listing().map(ListingVersion::version).orElse(0);
  }

  /** Of the match; 0 for none. */
  public long ask() {
    return match.map(quotes -> quotes.ask().value()).orElse(0L);
  }

  /** Of the match; 0 for none. */
  public long bid() {
    return match.map(quotes -> quotes.bid().value()).orElse(0L);
  }

  public boolean exported() {
    return order.point().direction() == Direction.EXPORT;
  }

  @Override
  public ByteVector32 structHash() {
    return Keccak256.hash(
        TYPE,
        Eip712.word(order.id().value()),
        Eip712.word(listing()),
        Eip712.word(listingVersion()),
        Eip712.word(ask()),
        Eip712.word(bid()),
        Eip712.word(seller()),
        Eip712.word(buyer()),
        Eip712.word(order.price().doubled()),
        Eip712.word(order.energy().value()),
        Eip712.word(order.window().start().getEpochSecond()),
        Eip712.word(order.window().end().getEpochSecond()),
        ChainNames.word(order.point().feeder()),
        ChainNames.word(order.point().pile()),
        Eip712.word(exported()),
        ChainNames.word(order.type()),
        Eip712.word(order.quantity()),
        Eip712.word(order.tableVersion()),
        Eip712.word(order.onDefault().amount()),
        Eip712.word(order.onDefault().ratePerKwh()),
        Eip712.word(order.onDefault().toleranceBasisPoints()),
        Eip712.word(order.charges().fees().gridBasisPoints()),
        Eip712.word(order.charges().fees().agencyBasisPoints()),
        Eip712.word(ChainNames.account(order.charges().grid())),
        Eip712.word(ChainNames.account(order.charges().agency())),
        Eip712.word(meter));
  }
}
