package chargepile.agent.cli.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class QuoteFileTest {
  private static final String HEAD = QuoteFile.HEADER + "\n";

  @Test
  void spacesCommentsAndWindowsLineEndsAreRead() throws CommandFailedException {
    List<QuoteFile.Line> lines =
        QuoteFile.read(
            "q",
            String.join(
                "\r\n",
                "\uFEFFid, party, side, price, energy_wh, round",
                "",
                "# one",
                " 1 , a , ASK , 10 , 5 , 1 "));
    assertEquals(1, lines.size());
    assertEquals(4, lines.getFirst().number());
    assertEquals("a", lines.getFirst().party().value());
  }

  @Test
  void noEnergyWithdraws() throws CommandFailedException {
    assertTrue(QuoteFile.read("q", HEAD + "1,a,ask,10,0,1\n").getFirst().quote().isEmpty());
  }

  @Property(tries = 500)
  void whateverTheTextItIsReadOrTold(@ForAll("texts") String text) {
    try {
      QuoteFile.read("q.csv", HEAD + text);
    } catch (CommandFailedException e) {
      assertTrue(
          String.valueOf(e.getMessage()).matches("(?s)q\\.csv, line \\d+, column \\d+: .+"),
          e.getMessage());
    }
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "1",
            "0",
            "-1",
            "99999999999999999999",
            "a",
            "pile-1",
            "ask",
            "bid",
            ",",
            ",",
            ",",
            ",",
            ",",
            "\n",
            "#",
            " ",
            "\u0000",
            "1,a,ask,10,5,1\n",
            "2,b,bid,11,5,2\n");
    return pieces.list().ofMaxSize(25).map(list -> String.join("", list));
  }
}
