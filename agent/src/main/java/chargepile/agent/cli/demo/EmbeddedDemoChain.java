package chargepile.agent.cli.demo;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.Wallet;
import chargepile.agent.chain.embedded.EmbeddedChain;
import chargepile.agent.chain.embedded.EmbeddedWallet;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector32;
import java.time.InstantSource;

/** The chain in this process. */
final class EmbeddedDemoChain implements BitcoinDemoChain {
  /** For the fees of the funding transaction. */
  private static final Satoshi PURSE = new Satoshi(100_000);

  private final EmbeddedChain chain = new EmbeddedChain(InstantSource.system(), Runnable::run);
  private final Signer signer;
  private final Satoshi money;

  EmbeddedDemoChain(Signer signer, Satoshi capacity) {
    this.signer = signer;
    this.money = capacity.plus(PURSE);
  }

  @Override
  public Chain chain() {
    return chain;
  }

  @Override
  public Wallet wallet(DemoWorld.Who who, ByteVector32 seed) {
    EmbeddedWallet wallet = new EmbeddedWallet(chain, seed, signer);
    chain.fund(wallet.freshScript(), money);
    return wallet;
  }

  @Override
  public void mine(int blocks) {
    chain.mine(blocks);
  }

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public void close() {
    chain.close();
  }
}
