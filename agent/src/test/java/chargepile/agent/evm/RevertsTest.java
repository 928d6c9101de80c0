package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.esaulpaugh.headlong.abi.ContractError;
import com.esaulpaugh.headlong.abi.TupleType;
import fr.acinq.bitcoin.ByteVector;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What contracts say, in words. */
class RevertsTest {
  private static final String WORD_20 = "00".repeat(31) + "20";

  private static final Reverts REVERTS =
      new Reverts(
          List.of(
              new ContractError<>("TooLate", TupleType.parse("(uint64)")),
              new ContractError<>("Nobody", TupleType.parse("(address,bytes4)"))));

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "'', no reason given",
    "0102, an unknown error 0x0102",
    "01020304ff, an unknown error 0x01020304ff",
    "ERROR, not enough",
    "PANIC11, 'panic 0x11, an arithmetic overflow'",
    "PANIC99, panic 0x99",
    "TOOLATE, TooLate(7)",
    "CUT, TooLate with what does not fit: SELECTOR",
  })
  void eachIsSaid(String data, String words) {
    String selector =
        new ByteVector(
                new ContractError<>("TooLate", TupleType.parse("(uint64)")).function().selector())
            .toHex();
    String hex =
        switch (data) {
          case "ERROR" ->
              "08c379a0"
                  + WORD_20
                  + "00".repeat(31)
                  + "0a"
                  + "6e6f7420656e6f756768"
                  + "00".repeat(22);
          case "PANIC11" -> "4e487b71" + "00".repeat(31) + "11";
          case "PANIC99" -> "4e487b71" + "00".repeat(31) + "99";
          case "TOOLATE" -> selector + "00".repeat(31) + "07";
          case "CUT" -> selector;
          default -> data;
        };
    assertEquals(words.replace("SELECTOR", selector), REVERTS.words(ByteVector.fromHex(hex)));
  }
}
