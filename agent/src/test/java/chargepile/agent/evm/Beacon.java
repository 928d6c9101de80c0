package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A contract for tests that logs the word it is called with. */
record Beacon(EvmAddress address) {
  private static final String TOPIC = "be".repeat(32);

  /** Copies the call's first word to memory and logs it under the topic. */
  private static final ByteVector CODE =
      ByteVector.fromHex("5f355f52" + "7f" + TOPIC + "60205fa1" + "00");

  static Beacon at(Anvil anvil, String address) {
    Beacon beacon = new Beacon(EvmAddress.of(address));
    anvil.setCode(beacon.address, CODE);
    return beacon;
  }

  LogFilter logs() {
    return new LogFilter(java.util.Set.of(address), java.util.Set.of(new ByteVector32(TOPIC)));
  }

  TransactionIntent light(int number) {
    return new TransactionIntent(
        "beacon-" + number,
        "a log",
        Optional.of(address),
        new ByteVector("%064x".formatted(number)),
        Wei.ZERO,
        OptionalLong.of(100_000),
        Optional.empty());
  }

  /** The numbers of some logs. */
  static List<Integer> numbers(List<EvmLog> logs) {
    return logs.stream().map(log -> Integer.parseInt(log.data().toHex(), 16)).toList();
  }
}
