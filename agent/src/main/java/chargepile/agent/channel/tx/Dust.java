package chargepile.agent.channel.tx;

import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.ScriptElt;
import java.util.List;

/** The amounts below which nodes do not relay an output (BOLT 3, "Dust Limits"). */
public final class Dust {
  private Dust() {}

  /** The least amount a standard output with this script may have, at 3 sat/vB. */
  public static Satoshi threshold(ByteVector script) {
    List<ScriptElt> elements = Script.parse(script);
    if (Script.isPay2wpkh(elements)) {
      return new Satoshi(294);
    }
    if (Script.isPay2wsh(elements) || Script.isPay2tr(elements)) {
      return new Satoshi(330);
    }
    if (Script.isNativeWitnessScript(elements)) {
      return new Satoshi(354);
    }
    return new Satoshi(Script.isPay2sh(elements) ? 540 : 546);
  }
}
