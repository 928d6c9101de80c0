package chargepile.agent.cli.register;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.identity.EvmAccount;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.units.EvmAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a device is to be registered on an EVM chain.
 *
 * @param contract the registry
 */
record RegistryAddress(long chainId, EvmAddress contract) {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17}):(0x[0-9a-fA-F]{40})");

  /** Reads {@code CHAIN:0xADDRESS}. */
  static RegistryAddress of(String text) throws CommandFailedException {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new CommandFailedException(
          "--registry %s: give the chain's id and the contract's address, as in 1:0x%s"
              .formatted(text, "ab".repeat(20)));
    }
    return new RegistryAddress(Long.parseLong(matcher.group(1)), EvmAddress.of(matcher.group(2)));
  }

  /** The device's own account there. */
  EvmAccount account(NodeKeys keys) {
    EvmAddress own = EvmSignature.address(keys.signer().publicKey(keys.accountKey()));
    return new EvmAccount(own.value(), chainId, contract.value());
  }
}
