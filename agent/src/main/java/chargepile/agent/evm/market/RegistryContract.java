package chargepile.agent.evm.market;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.evm.Abi;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.DeployedContract;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmLog;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.LogFilter;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.identity.ChainCertificate;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Registration;
import chargepile.agent.identity.Role;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import com.esaulpaugh.headlong.abi.Tuple;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The contract of certified parties and their bonds (P1-05, P1-10 to P1-12). Thread-safe.
 *
 * <p>A bond is locked out of what its payer has approved for this contract.
 */
public final class RegistryContract {
  private static final long REGISTRATION_GAS = 700_000;
  private static final long STEP_GAS = 300_000;
  private static final long PAYOUT_GAS = 600_000;
  private static final Set<String> EVENTS =
      Set.of(
          "Registered",
          "BondLocked",
          "BondAssigned",
          "Deregistered",
          "Released",
          "Revoked",
          "ObligationsChanged");

  private final DeployedContract contract;

  public RegistryContract(EvmNode node, EvmAddress address) {
    this.contract = new DeployedContract(node, address, ContractArtifact.load("Registry"));
  }

  /** The id by which the contracts know a party. */
  public static ByteVector32 id(PartyId party) {
    return party.hash();
  }

  public EvmAddress address() {
    return contract.address();
  }

  /** All of its logs. */
  public LogFilter logs() {
    return LogFilter.of(contract.address());
  }

  // ------------------------------------------------------------------------------------- reading

  /** Empty while the party is unknown or gone. */
  public Optional<RegisteredParty> party(ByteVector32 id, BlockRef at) {
    Tuple x = contract.ask("party", at, id).get(0);
    long role = OrderStructs.number(x, 1);
    if (role == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new RegisteredParty(
            id,
            Abi.address(x.get(0)),
            role(role),
            (int) OrderStructs.number(x, 2),
            OrderStructs.number(x, 3),
            Abi.address(x.get(4)),
            OrderStructs.number(x, 5),
            OrderStructs.time(x, 6),
            OrderStructs.time(x, 7),
            Optional.of(OrderStructs.time(x, 8)).filter(time -> time.getEpochSecond() > 0),
            Abi.amount(x.get(9)),
            Optional.of(Abi.hash(x.get(10))).filter(company -> !isNone(company)),
            Abi.hash(x.get(11)),
            Abi.hash(x.get(12)),
            Abi.hash(x.get(13))));
  }

  private static Role role(long code) {
    for (Role role : Role.values()) {
      if (role.code() == code) {
        return role;
      }
    }
    throw new EvmException("a party is registered as %d, which is nothing".formatted(code));
  }

  /** Which party signs with an account. */
  public Optional<ByteVector32> idOf(EvmAddress account, BlockRef at) {
    return Optional.of(Abi.hash(contract.ask("idOf", at, account).<Object>get(0)))
        .filter(id -> !isNone(id));
  }

  /** Whether a party may take on something new. */
  public boolean isActive(ByteVector32 id, BlockRef at) {
    return contract.ask("isActive", at, id).get(0);
  }

  public boolean isRevoked(ByteVector32 id, BlockRef at) {
    return contract.ask("isRevoked", at, id).get(0);
  }

  /** Up to which version the centre has revoked a party's keys; 0 for none. */
  public int revokedThrough(ByteVector32 id, BlockRef at) {
    return (int) Abi.number(contract.ask("revokedThrough", at, id).<Object>get(0));
  }

  /** What a pile of this power locks (P1-11). */
  public Amount bondFor(long ratedPowerWatts) {
    return Abi.amount(contract.ask("bondFor", BlockRef.LATEST, ratedPowerWatts).get(0));
  }

  /** In which bonds are counted. */
  public EvmAddress token() {
    return constant("token");
  }

  /** Whose signature makes a certificate. */
  public EvmAddress kgc() {
    return constant("kgc");
  }

  private EvmAddress constant(String name) {
    return Abi.address(contract.ask(name, BlockRef.LATEST).get(0));
  }

  /**
   * The key with which a pile's meter signs, as its latest certificate has it; empty for a party
   * without.
   *
   * @param since the block of the contract's creation
   */
  public Optional<PublicKey> meter(ByteVector32 id, EvmBlock at, long since) {
    Optional<PublicKey> meter = Optional.empty();
    for (EvmLog log : contract.history(Set.of("Registered"), since, at.number())) {
      Tuple x = contract.decode(log).orElseThrow().arguments();
      if (Abi.hash(x.<Object>get(0)).equals(id)) {
        meter = meter(x);
      }
    }
    return meter;
  }

  private static Optional<PublicKey> meter(Tuple registered) {
    Tuple certificate = registered.get(3);
    ByteVector key = new ByteVector(certificate.<byte[]>get(6));
    return key.isEmpty() ? Optional.empty() : Optional.of(new PublicKey(key));
  }

  /**
   * The key of each party's meter by its last registration from one block to another; empty where
   * it was registered without one.
   */
  public Map<ByteVector32, Optional<PublicKey>> meters(long first, long last) {
    Map<ByteVector32, Optional<PublicKey>> meters = new HashMap<>();
    for (EvmLog log : contract.history(Set.of("Registered"), first, last)) {
      Tuple x = contract.decode(log).orElseThrow().arguments();
      meters.put(Abi.hash(x.<Object>get(0)), meter(x));
    }
    return meters;
  }

  /**
   * The accounts that a party has and had.
   *
   * @param since the block of the contract's creation, or an earlier one
   */
  public Set<EvmAddress> accounts(ByteVector32 id, EvmBlock at, long since) {
    return contract.history(Set.of("Registered"), since, at.number()).stream()
        .map(log -> contract.decode(log).orElseThrow().arguments())
        .filter(x -> Abi.hash(x.<Object>get(0)).equals(id))
        .map(x -> Abi.address(x.get(1)))
        .collect(Collectors.toSet());
  }

  /** What happened to parties, from one block to another. */
  public List<RegistryLog> history(long first, long last) {
    return contract.history(EVENTS, first, last).stream()
        .flatMap(log -> decode(log).stream())
        .toList();
  }

  /** What a log says of a party; empty: it is of another contract, or of a verdict. */
  public Optional<RegistryLog> decode(EvmLog log) {
    return contract.decode(log).flatMap(RegistryContract::decode);
  }

  private static Optional<RegistryLog> decode(DeployedContract.Decoded log) {
    Tuple x = log.arguments();
    return Optional.ofNullable(
        switch (log.event()) {
          case "Registered" ->
              new RegistryLog.Registered(id(x), Abi.address(x.get(1)), Abi.hash(x.get(2)));
          case "BondLocked" ->
              new RegistryLog.BondLocked(
                  id(x), Abi.address(x.get(1)), Abi.amount(x.get(2)), Abi.amount(x.get(3)));
          case "BondAssigned" -> new RegistryLog.BondAssigned(id(x), Abi.address(x.get(1)));
          case "Deregistered" -> new RegistryLog.Deregistered(id(x), OrderStructs.time(x, 1));
          case "Released" ->
              new RegistryLog.Released(id(x), Abi.address(x.get(1)), Abi.amount(x.get(2)));
          case "Revoked" -> new RegistryLog.Revoked(id(x), (int) OrderStructs.number(x, 1));
          case "ObligationsChanged" ->
              new RegistryLog.ObligationsChanged(
                  id(x), Abi.address(x.get(1)), OrderStructs.number(x, 2));
          default -> null;
        });
  }

  private static ByteVector32 id(Tuple x) {
    return Abi.hash(x.get(0));
  }

  private static boolean isNone(ByteVector32 id) {
    return id.equals(ByteVector32.Zeroes);
  }

  // ----------------------------------------------------------------------------------- in and out

  /**
   * Registers a party, or gives it a later version of its keys; locks what its bond lacks from the
   * sender's allowance.
   *
   * @param kgc the centre's signature of the certificate
   * @param possession the account's signature, of {@link chargepile.agent.identity.AccountProof};
   *     empty when the account is the sender
   */
  public TransactionIntent register(
      ChainCertificate certificate, EvmSignature kgc, Optional<EvmSignature> possession) {
    Registration it = certificate.registration();
    return contract
        .intent(
            contract.key("register", it.party(), it.keyVersion()),
            "registration of %s".formatted(it.party()),
            "register",
            struct(certificate),
            kgc,
            possession.map(EvmSignature::bytes).orElse(ByteVector.empty))
        .withGasLimit(REGISTRATION_GAS);
  }

  private static List<Object> struct(ChainCertificate certificate) {
    Registration it = certificate.registration();
    return List.of(
        id(it.party()),
        it.role().code(),
        certificate.company().map(RegistryContract::id).orElse(ByteVector32.Zeroes),
        new EvmAddress(it.evmAccount().orElseThrow().address()),
        it.publicKey().encode(),
        it.nodeKey().value,
        it.meterKey().map(key -> key.value).orElse(ByteVector.empty),
        it.ratedPowerWatts().orElse(0L),
        it.keyVersion(),
        it.notBefore().getEpochSecond(),
        it.notAfter().getEpochSecond());
  }

  /**
   * Adds to a bond out of the sender's allowance.
   *
   * @param occasion tells it from other additions
   */
  public TransactionIntent topUp(String occasion, ByteVector32 id, Amount amount) {
    return step("topUp", occasion, id, STEP_GAS, amount);
  }

  /** Gives a bond of the sender's to another owner. */
  public TransactionIntent assignBond(String occasion, ByteVector32 id, EvmAddress owner) {
    return step("assignBond", occasion, id, STEP_GAS, owner);
  }

  /**
   * Leaves; by the party's account or its bond's owner, when nothing is owed (P1-11).
   *
   * @param keyVersion that the party has now: it may come again with a later one
   */
  public TransactionIntent deregister(ByteVector32 id, int keyVersion) {
    return step("deregister", keyVersion, id, STEP_GAS);
  }

  /** Has a free bond paid to its owner; anybody may. */
  public TransactionIntent release(ByteVector32 id, int keyVersion) {
    return step("release", keyVersion, id, PAYOUT_GAS);
  }

  /** Brings the centre's revocation of a party's keys up to a version; anybody may. */
  public TransactionIntent revoke(ByteVector32 id, int throughVersion, EvmSignature kgc) {
    return contract
        .intent(
            contract.key("revoke", "0x" + id.toHex(), throughVersion),
            "revocation of version %d of 0x%s".formatted(throughVersion, id.toHex()),
            "revoke",
            id,
            throughVersion,
            kgc)
        .withGasLimit(STEP_GAS);
  }

  /** What waits for an account to be claimed, because the token refused to pay it. */
  public Amount owed(EvmAddress account, EvmAddress token, BlockRef at) {
    return Abi.amount(contract.ask("owed", at, account, token).get(0));
  }

  /**
   * Has the sender paid what it is owed.
   *
   * @param occasion tells this claim from earlier ones
   */
  public TransactionIntent claim(String occasion, EvmAddress token, EvmAddress to) {
    return contract
        .intent(
            contract.key("claim", token, to, occasion),
            "claim of what " + token + " refused to pay",
            "claim",
            token,
            to)
        .withGasLimit(STEP_GAS);
  }

  private TransactionIntent step(
      String function, Object occasion, ByteVector32 id, long gasLimit, Object... others) {
    Object[] arguments = new Object[1 + others.length];
    arguments[0] = id;
    System.arraycopy(others, 0, arguments, 1, others.length);
    return contract
        .intent(
            contract.key(function, "0x" + id.toHex(), occasion),
            "%s of 0x%s".formatted(function, id.toHex()),
            function,
            arguments)
        .withGasLimit(gasLimit);
  }
}
