package chargepile.agent.cli.market.chain;

import chargepile.agent.units.EvmAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an address of an account or a contract. */
public final class AddressConverter implements ITypeConverter<EvmAddress> {
  @Override
  public EvmAddress convert(String text) {
    if (!text.matches("0x[0-9a-fA-F]{40}")) {
      throw new TypeConversionException(
          "\"%s\" is no address, which is 0x and 40 hexadecimal digits".formatted(text));
    }
    return EvmAddress.of(text);
  }
}
