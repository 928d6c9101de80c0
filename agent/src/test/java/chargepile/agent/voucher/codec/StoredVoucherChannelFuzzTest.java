package chargepile.agent.voucher.codec;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import chargepile.agent.voucher.VoucherStates;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class StoredVoucherChannelFuzzTest {
  @TestFactory
  Stream<DynamicTest> doors() {
    return Fuzz.tests(
        Door.of(
            "a stored voucher channel",
            VoucherStates.ofEveryStage().stream().map(VoucherChannelCodec::encode).toList(),
            MalformedStateException.class,
            VoucherChannelCodec::decode));
  }
}
