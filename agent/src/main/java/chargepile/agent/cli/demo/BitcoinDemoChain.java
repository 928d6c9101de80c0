package chargepile.agent.cli.demo;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.Wallet;
import fr.acinq.bitcoin.ByteVector32;

/**
 * The chain of a demo, which moves only when the demo says so. What it is told of its changes has
 * been said to every listener before the call that caused them returns, so that a demo can wait
 * until its nodes have taken note.
 */
interface BitcoinDemoChain extends AutoCloseable {
  Chain chain();

  /**
   * The wallet of a side, with money to fund a channel.
   *
   * @param seed of the side's keys, for a wallet that is not kept elsewhere
   */
  Wallet wallet(DemoWorld.Who who, ByteVector32 seed);

  /** Mines blocks with what waits in the mempool. */
  void mine(int blocks);

  /** For people. */
  String name();

  @Override
  void close();
}
