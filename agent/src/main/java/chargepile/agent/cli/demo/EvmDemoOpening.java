package chargepile.agent.cli.demo;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.market.chain.Blueprint;
import chargepile.agent.cli.market.chain.Deployment;
import chargepile.agent.cli.market.chain.Offices;
import chargepile.agent.cli.market.chain.OutboxFolder;
import chargepile.agent.cli.market.chain.Part;
import chargepile.agent.cli.market.chain.Registering;
import chargepile.agent.cli.market.chain.Rules;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.evm.EvmOutbox;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.PrivateAnvil;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.VoucherChannelContract;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.evm.market.ReviewBoardContract;
import chargepile.agent.identity.Role;
import chargepile.agent.identity.SignedChainCertificate;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.StoredOutbox;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;

/** How a demo's market comes to be: deployment, certificates, energy accounts, registration. */
final class EvmDemoOpening {
  /** The market's highest price is so many times the demo's. */
  private static final long CAP_TIMES = 2;

  private static final Amount LEAST_DEPOSIT = new Amount(10_000_000);

  private final DemoOptions options;
  private final long ratedWatts;
  private final EvmDemoChain chain;
  private final DemoProgress progress;
  private final DemoWorld world;
  private final EvmDemoCentre centre;

  /**
   * @param ratedWatts of the pile
   */
  EvmDemoOpening(
      DemoOptions options,
      long ratedWatts,
      EvmDemoChain chain,
      DemoProgress progress,
      DemoWorld world) {
    this.options = options;
    this.ratedWatts = ratedWatts;
    this.chain = chain;
    this.progress = progress;
    this.world = world;
    this.centre = new EvmDemoCentre(world.signer);
  }

  EvmDemoMarket open() throws DemoFailedException, InterruptedException {
    try {
      return opened();
    } catch (CommandFailedException e) {
      throw new DemoFailedException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new DemoFailedException("what is sent to the chain can't be kept: " + e, e);
    }
  }

  private EvmDemoMarket opened()
      throws CommandFailedException, DemoFailedException, IOException, InterruptedException {
    NodeKeys agencyKeys = new NodeKeys(world.secret().value, world.signer);
    EvmDemoChain.Purse agency = chain.purse(agencyKeys.accountKey(), outbox("agency"));
    EvmDemoChain.Purse court = founder("court");
    EvmDemoChain.Purse grid = founder("grid");
    EvmDemoChain.Purse founder = founder("founder");
    TokenContract money = chain.money(founder);
    progress.stage("putting the market's contracts on the chain");
    Deployment.Market contracts = deployed(founder("deployment"), agency, court, grid, money);
    RegistryContract registry = new RegistryContract(chain.node(), contracts.of(Part.REGISTRY));
    TokenContract token = new TokenContract(chain.node(), contracts.of(Part.TOKEN));
    EvmDemoChain.Purse pile = party(world.pile);
    EvmDemoChain.Purse driver = party(world.driver);
    Amount bond = registry.bondFor(ratedWatts);
    Amount deposit = deposit();
    progress.stage("pile and driver put money into their energy accounts");
    chain.fund(pile, money, token, new Amount(2 * bond.value()));
    chain.fund(driver, money, token, new Amount(2 * deposit.value()));
    progress.stage(
        "registering: the pile with %d W locks a bond of %s units"
            .formatted(ratedWatts, Figures.grouped(bond.value())));
    register(registry, token, pile, world.pile.keys(), Role.PILE);
    register(registry, token, driver, world.driver.keys(), Role.USER);
    publish(agency, contracts);
    return new EvmDemoMarket(
        contracts,
        token,
        registry,
        new VoucherChannelContract(chain.node(), contracts.of(Part.CHANNELS), contracts.since()),
        agencyKeys,
        agency,
        pile,
        driver,
        bond,
        deposit);
  }

  /** What the grid bears, and where the pile hangs: in force after a notice (P2-08). */
  private void publish(EvmDemoChain.Purse agency, Deployment.Market contracts)
      throws DemoFailedException, InterruptedException {
    ReviewBoardContract board = new ReviewBoardContract(chain.node(), contracts.of(Part.REVIEWS));
    EvmReceipt unused =
        agency.done(board.publishFeeders("demo", Map.of(EvmDemoDesks.FEEDER, 2 * ratedWatts)));
    unused =
        agency.done(board.publishPiles("demo", Map.of(EvmDemoDesks.pileId(), EvmDemoDesks.FEEDER)));
    chain.pass(board.notice().plusSeconds(1));
  }

  /** One that is not a node of the demo. */
  private EvmDemoChain.Purse founder(String name) throws IOException {
    return chain.purse(world.secret(), outbox(name));
  }

  private EvmOutbox outbox(String name) throws IOException {
    return new OutboxFolder(world.folder.resolve("sent-by-" + name));
  }

  private EvmDemoChain.Purse party(DemoWorld.Side side) {
    NodeKeys keys = side.keys();
    EvmAddress account = EvmSignature.address(keys.signer().publicKey(keys.accountKey()));
    return chain.purse(
        keys.accountKey(), new StoredOutbox(side.store(), PrivateAnvil.CHAIN_ID, account));
  }

  private Deployment.Market deployed(
      EvmDemoChain.Purse founder,
      EvmDemoChain.Purse agency,
      EvmDemoChain.Purse court,
      EvmDemoChain.Purse grid,
      TokenContract money)
      throws CommandFailedException, IOException, InterruptedException {
    Rules rules =
        Rules.of(Math.max(1, CAP_TIMES * options.pricePerKwh().value()), EvmDemoDesks.RULES);
    Offices offices =
        new Offices(
            centre.account(),
            centre.parameters(),
            agency.address(),
            court.address(),
            Optional.empty(),
            grid.address());
    Blueprint blueprint =
        new Blueprint(rules, offices, new Blueprint.Source.Underlying(money.address()), false);
    return new Deployment(
            blueprint,
            founder.address(),
            founder.outbox(),
            founder.carrying(),
            (part, at, receipt, _) ->
                progress.stage(
                    "  %-18s %s  %s gas"
                        .formatted(part.contract(), at, Figures.grouped(receipt.gasUsed()))))
        .run();
  }

  private void register(
      RegistryContract registry,
      TokenContract token,
      EvmDemoChain.Purse purse,
      NodeKeys keys,
      Role role)
      throws CommandFailedException, InterruptedException {
    Optional<Long> watts = role == Role.PILE ? Optional.of(ratedWatts) : Optional.empty();
    SignedChainCertificate certificate = centre.certify(keys, role, watts, registry.address());
    var unused =
        new Registering(registry, token, purse.address(), purse.carrying())
            .register(certificate, Optional.empty(), world.signer);
  }

  /** Twice what the trace costs. */
  private Amount deposit() {
    long moved =
        Math.max(options.trace().importMilliWattHours(), options.trace().exportMilliWattHours());
    long cost =
        BigInteger.valueOf(moved)
            .multiply(BigInteger.valueOf(options.pricePerKwh().value()))
            .divide(BigInteger.valueOf(MilliWattHours.PER_KWH))
            .longValueExact();
    Amount roomy = new Amount(Math.multiplyExact(2, cost));
    return roomy.compareTo(LEAST_DEPOSIT) < 0 ? LEAST_DEPOSIT : roomy;
  }
}
