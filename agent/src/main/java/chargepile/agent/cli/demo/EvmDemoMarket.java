package chargepile.agent.cli.demo;

import chargepile.agent.cli.market.chain.Deployment;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.VoucherChannelContract;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.units.Amount;

/**
 * The market of a demo: deployed, with a centre that certified the pile and the driver, who are
 * registered, the pile with its bond.
 *
 * @param token the energy account's
 * @param bond that the pile locked
 * @param deposit what the driver will put into its channel
 */
record EvmDemoMarket(
    Deployment.Market contracts,
    TokenContract token,
    RegistryContract registry,
    VoucherChannelContract channels,
    NodeKeys agencyKeys,
    EvmDemoChain.Purse agency,
    EvmDemoChain.Purse pile,
    EvmDemoChain.Purse driver,
    Amount bond,
    Amount deposit) {}
