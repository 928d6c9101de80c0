package chargepile.agent.cli.certs;

import chargepile.agent.cli.CommandFailedException;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;

/** A name that clients call a broker by: of DNS, or an IP address. */
record HostName(String text) {
  private static final int LONGEST = 253;
  private static final Pattern LABELS =
      Pattern.compile(
          "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*");
  private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");

  /** Reads one; an IPv6 address may stand in brackets, as in a URL. */
  static HostName parse(String text) throws CommandFailedException {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    boolean name =
        bare.length() <= LONGEST
            && LABELS.matcher(bare).matches()
            && !NUMBERS.matcher(bare).matches();
    if (!name && !IPAddress.isValid(bare)) {
      throw new CommandFailedException(
          ("\"%s\" is no host name: give the one that stands in broker_url, such as broker.example"
                  + " or 192.168.1.5, without ssl:// and port")
              .formatted(text));
    }
    return new HostName(bare);
  }

  /** As a URL has it: an IPv6 address in brackets. */
  String inUrl() {
    return text.contains(":") ? "[" + text + "]" : text;
  }

  GeneralName encoded() {
    return new GeneralName(
        IPAddress.isValid(text) ? GeneralName.iPAddress : GeneralName.dNSName, text);
  }
}
