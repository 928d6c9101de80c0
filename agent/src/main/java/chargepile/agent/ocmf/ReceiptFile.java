package chargepile.agent.ocmf;

import fr.acinq.bitcoin.PublicKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The file that the S.A.F.E. transparency software opens: XML with one record after the other, and
 * with each the key that signed it.
 *
 * <p>It is read back only as it was written, to the character: what stands around a record is
 * signed by nobody, so it must say nothing of its own.
 */
public final class ReceiptFile {
  /** What such a file begins with. */
  public static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<values>\n";

  private static final String TAIL = "</values>\n";
  private static final String DATA = "<signedData ";
  private static final String KEY = "<publicKey encoding=\"hex\">";

  private ReceiptFile() {}

  /** A record as it stands in a file, with the key that is said to have signed it. */
  public record Entry(MeterRecord record, PublicKey key) {}

  public static String write(List<Entry> entries) {
    StringBuilder out = new StringBuilder(HEAD);
    for (Entry entry : entries) {
      long number = entry.record().payload().page().number();
      out.append("  <value transactionId=\"%d\" context=\"Transaction.Begin\">\n".formatted(number))
          // No space around the record: it would be taken for a part of it.
          .append(
              "    <signedData format=\"OCMF\" encoding=\"plain\" transactionId=\"%d\">"
                  .formatted(number))
          .append(escaped(entry.record().text()))
          .append("</signedData>\n    ")
          .append(KEY)
          .append(MeterPublicKey.toHex(entry.key()))
          .append("</publicKey>\n  </value>\n");
    }
    return out.append(TAIL).toString();
  }

  /**
   * The entries of a file that {@link #write} made.
   *
   * @throws MalformedRecordException when one character of it is another
   */
  public static List<Entry> read(String text) throws MalformedRecordException {
    List<Entry> entries = new ArrayList<>();
    int at = text.indexOf(DATA);
    while (at >= 0) {
      String data = element(text, at, "signedData");
      int key = text.indexOf(KEY, at);
      String hex = key < 0 ? "" : element(text, key, "publicKey");
      entries.add(new Entry(MeterRecord.parse(unescaped(data)), MeterPublicKey.parse(hex)));
      at = text.indexOf(DATA, at + DATA.length());
    }
    if (entries.isEmpty()) {
      throw new MalformedRecordException("the file has no <signedData> with a record in it");
    }
    String again = write(entries);
    if (!again.equals(text)) {
      throw new MalformedRecordException(
          "the file was changed around its records, at character %d: write it again from the"
                  .formatted(difference(again, text))
              + " wallet, or give the record alone, from OCMF| to its last }");
    }
    return entries;
  }

  private static String element(String text, int at, String name) throws MalformedRecordException {
    int begin = text.indexOf('>', at) + 1;
    int end = text.indexOf("</" + name + ">", at);
    if (begin == 0 || end < begin) {
      throw new MalformedRecordException(
          "the element %s at character %d is not closed".formatted(name, at));
    }
    return text.substring(begin, end);
  }

  private static int difference(String expected, String found) {
    int at = 0;
    while (at < expected.length()
        && at < found.length()
        && expected.charAt(at) == found.charAt(at)) {
      at++;
    }
    return at;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String unescaped(String text) {
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
  }
}
