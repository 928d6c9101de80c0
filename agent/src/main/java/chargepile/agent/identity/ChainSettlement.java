package chargepile.agent.identity;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;

/**
 * A settlement in the form that the log contract takes (P1-33): signed by each side's account.
 *
 * @param terms of a matched trade over a channel on an EVM chain
 * @param log the contract
 */
public record ChainSettlement(SettlementCertificate terms, EvmAddress log) {
  private static final String DOMAIN = "Chargepile Settlement";
  private static final String SIDE_TYPE = "Side(uint64 energyMwh,uint64 pricePerKwh,uint64 amount)";
  private static final ByteVector32 SIDE = Keccak256.hash(SIDE_TYPE);
  private static final ByteVector32 TYPE =
      Keccak256.hash(
          "Settlement(address channelContract,bytes32 channelId,bytes16 session,uint64 cycle,"
              + "bytes32 matchId,bytes32 seller,bytes32 buyer,Side sold,Side bought,"
              + "uint64 meterStart,uint64 meterEnd,bytes32 meterRoot,uint64 finalSeq,"
              + "uint64 settledAt,uint64 expiry)"
              + SIDE_TYPE);

  public ChainSettlement {
    if (!(terms.ledger() instanceof Ledger.Evm)) {
      throw new IllegalArgumentException("the settlement is of a channel on no EVM chain");
    }
    if (terms.cycle().isEmpty() || terms.match().isEmpty()) {
      throw new IllegalArgumentException("the settlement is of no matched trade");
    }
  }

  /** {@code SettlementLog.settlementDigest}. */
  public ByteVector32 digest() {
    return switch (terms.ledger()) {
      case Ledger.Evm evm -> TypedData.digest(DOMAIN, evm.chainId(), log.value(), structHash(evm));
      case Ledger.Bitcoin _ -> throw new IllegalStateException("checked when it was made");
    };
  }

  public EvmSignature sign(Signer signer, PrivateKey account) {
    return EvmSignature.sign(signer, digest(), account);
  }

  private ByteVector32 structHash(Ledger.Evm evm) {
    return Keccak256.hash(
        TYPE,
        TypedData.word(evm.contract()),
        terms.channel().value(),
        TypedData.leading(terms.session().value()),
        TypedData.word(terms.cycle().orElseThrow()),
        terms.match().orElseThrow(),
        TypedData.id(terms.seller()),
        TypedData.id(terms.buyer()),
        hash(terms.sold()),
        hash(terms.bought()),
        TypedData.word(terms.meterStart().value()),
        TypedData.word(terms.meterEnd().value()),
        terms.meterRoot(),
        TypedData.word(terms.finalCommitment()),
        TypedData.word(terms.settledAt().getEpochSecond()),
        TypedData.word(terms.expiry().getEpochSecond()));
  }

  private static ByteVector32 hash(SettlementCertificate.Side side) {
    return Keccak256.hash(
        SIDE,
        TypedData.word(side.energy().value()),
        TypedData.word(side.pricePerKwh().value()),
        TypedData.word(side.amount().value()));
  }
}
