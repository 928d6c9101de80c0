package chargepile.agent.identity;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.util.Arrays;

/**
 * A settlement in the form that the log contract takes (P1-33): signed by each side's account.
 *
 * @param terms of a matched trade over a channel on an EVM chain
 * @param log the contract
 */
public record ChainSettlement(SettlementCertificate terms, EvmAddress log) {
  private static final int WORD_BYTES = 32;
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
      case Ledger.Evm evm -> Eip712.digest(DOMAIN, evm.chainId(), log, structHash(evm));
      case Ledger.Bitcoin _ -> throw new IllegalStateException("checked when it was made");
    };
  }

  public EvmSignature sign(Signer signer, PrivateKey account) {
    return EvmSignature.sign(signer, digest(), account);
  }

  private ByteVector32 structHash(Ledger.Evm evm) {
    return Keccak256.hash(
        TYPE,
        Eip712.word(new EvmAddress(evm.contract())),
        terms.channel().value(),
        leading(terms.session().value()),
        Eip712.word(terms.cycle().orElseThrow()),
        terms.match().orElseThrow(),
        terms.seller().hash(),
        terms.buyer().hash(),
        hash(terms.sold()),
        hash(terms.bought()),
        Eip712.word(terms.meterStart().value()),
        Eip712.word(terms.meterEnd().value()),
        terms.meterRoot(),
        Eip712.word(terms.finalCommitment()),
        Eip712.word(terms.settledAt().getEpochSecond()),
        Eip712.word(terms.expiry().getEpochSecond()));
  }

  /** Bytes of a fixed length stand in front of what fills the word. */
  private static ByteVector32 leading(ByteVector value) {
    return new ByteVector32(Arrays.copyOf(value.toByteArray(), WORD_BYTES));
  }

  private static ByteVector32 hash(SettlementCertificate.Side side) {
    return Keccak256.hash(
        SIDE,
        Eip712.word(side.energy().value()),
        Eip712.word(side.pricePerKwh().value()),
        Eip712.word(side.amount().value()));
  }
}
