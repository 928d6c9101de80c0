package chargepile.agent.evm.market;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.evm.Abi;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.DeployedContract;
import chargepile.agent.evm.EvmLog;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.LogFilter;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.identity.ChainSettlement;
import chargepile.agent.identity.Ledger;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.SettlementCertificate;
import chargepile.agent.identity.SignerSet;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import com.esaulpaugh.headlong.abi.Tuple;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The contract of settlement certificates, once for each match (P1-06, P1-33). Thread-safe. */
public final class SettlementLogContract {
  private static final long PRESENTATION_GAS = 500_000;

  /** Two pairings and their signers by EIP-2537. */
  private static final long ATTESTATION_GAS = 1_500_000;

  private final DeployedContract contract;

  public SettlementLogContract(EvmNode node, EvmAddress address) {
    this.contract = new DeployedContract(node, address, ContractArtifact.load("SettlementLog"));
  }

  public EvmAddress address() {
    return contract.address();
  }

  /** All of its logs. */
  public LogFilter logs() {
    return LogFilter.of(contract.address());
  }

  // ------------------------------------------------------------------------------------- reading

  /** Whose parties and keys it goes by. */
  public EvmAddress registry() {
    return Abi.address(contract.ask("registry", BlockRef.LATEST).get(0));
  }

  /** How long the other side of a claim has to answer. */
  public Duration window() {
    return Duration.ofSeconds(Abi.number(contract.ask("window", BlockRef.LATEST).<Object>get(0)));
  }

  public SettlementEntry entry(ByteVector32 match, PartyId seller, PartyId buyer, BlockRef at) {
    Tuple x =
        contract.ask(
            "settlementOf", at, match, RegistryContract.id(seller), RegistryContract.id(buyer));
    return new SettlementEntry(
        SettlementEntry.Status.of(OrderStructs.number(x, 0)),
        new MilliWattHours(OrderStructs.number(x, 1)),
        Abi.amount(x.get(2)),
        Abi.hash(x.get(3)));
  }

  /** What happened here, from one block to another. */
  public List<SettlementEvent> history(long first, long last) {
    return contract
        .history(Set.of("Claimed", "Contested", "Agreed", "Attested"), first, last)
        .stream()
        .flatMap(log -> decode(log).stream())
        .toList();
  }

  /** What a log says; empty: it is of another contract. */
  public Optional<SettlementEvent> decode(EvmLog log) {
    return contract.decode(log).flatMap(SettlementLogContract::decode);
  }

  private static Optional<SettlementEvent> decode(DeployedContract.Decoded log) {
    Tuple x = log.arguments();
    return Optional.ofNullable(
        switch (log.event()) {
          case "Claimed" ->
              new SettlementEvent.Claimed(
                  trade(x),
                  x.<Boolean>get(3),
                  Abi.hash(x.get(4)),
                  new MilliWattHours(OrderStructs.number(x, 5)),
                  Abi.amount(x.get(6)),
                  OrderStructs.time(x, 7));
          case "Contested" ->
              new SettlementEvent.Contested(
                  trade(x),
                  x.<Boolean>get(3),
                  Abi.hash(x.get(4)),
                  new MilliWattHours(OrderStructs.number(x, 5)),
                  Abi.amount(x.get(6)));
          case "Agreed" -> new SettlementEvent.Agreed(trade(x), Abi.hash(x.get(3)));
          case "Attested" -> new SettlementEvent.Attested(trade(x), Abi.hash(x.get(3)));
          default -> null;
        });
  }

  private static SettlementEvent.Trade trade(Tuple x) {
    return new SettlementEvent.Trade(Abi.hash(x.get(0)), Abi.hash(x.get(1)), Abi.hash(x.get(2)));
  }

  // ---------------------------------------------------------------------------------- presenting

  /**
   * Presents a certificate that one side signed, or both; anybody may.
   *
   * @param seller empty when the seller has not signed
   * @param buyer likewise
   */
  public TransactionIntent present(
      ChainSettlement settlement, Optional<EvmSignature> seller, Optional<EvmSignature> buyer) {
    String signed = (seller.isPresent() ? "seller" : "") + (buyer.isPresent() ? "buyer" : "");
    return contract
        .intent(
            contract.key("present", "0x" + settlement.digest().toHex(), signed),
            "settlement certificate of %s and %s"
                .formatted(settlement.terms().seller(), settlement.terms().buyer()),
            "present",
            struct(settlement.terms()),
            bytes(seller),
            bytes(buyer))
        .withGasLimit(PRESENTATION_GAS);
  }

  /**
   * Has the multi-signature on an agreed certificate verified on the chain; nothing waits for it.
   *
   * @param signers seller and buyer among them
   */
  public TransactionIntent attest(
      ChainSettlement settlement, SignerSet signers, G1Point signature) {
    return contract
        .intent(
            contract.key("attest", "0x" + settlement.digest().toHex()),
            "multi-signature of %s".formatted(signers),
            "attest",
            struct(settlement.terms()),
            signers.signers().stream()
                .<Object>map(
                    signer -> List.of(signer.party().value(), signer.publicKey().uncompressed()))
                .toList(),
            signature.uncompressed())
        .withGasLimit(ATTESTATION_GAS);
  }

  private static List<Object> struct(SettlementCertificate terms) {
    return List.of(
        contract(terms),
        terms.channel().value(),
        terms.session().value(),
        terms.cycle().orElseThrow(),
        terms.match().orElseThrow(),
        RegistryContract.id(terms.seller()),
        RegistryContract.id(terms.buyer()),
        side(terms.sold()),
        side(terms.bought()),
        terms.meterStart().value(),
        terms.meterEnd().value(),
        terms.meterRoot(),
        terms.finalCommitment(),
        terms.settledAt().getEpochSecond(),
        terms.expiry().getEpochSecond());
  }

  private static EvmAddress contract(SettlementCertificate terms) {
    return switch (terms.ledger()) {
      case Ledger.Evm evm -> new EvmAddress(evm.contract());
      case Ledger.Bitcoin _ ->
          throw new IllegalArgumentException("the settlement is of a channel on no EVM chain");
    };
  }

  private static List<Object> side(SettlementCertificate.Side side) {
    return List.of(side.energy().value(), side.pricePerKwh(), side.amount());
  }

  private static ByteVector bytes(Optional<EvmSignature> signature) {
    return signature.map(EvmSignature::bytes).orElse(ByteVector.empty);
  }
}
