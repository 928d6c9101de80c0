package chargepile.agent.web;

import io.nayuki.qrcodegen.QrCode;

/** A text as a QR code that a phone can read off a screen or a sticker. */
final class AddressQr {
  /** Light modules around it (ISO/IEC 18004). */
  private static final int QUIET = 4;

  private AddressQr() {}

  /** As an SVG that needs no style: black on white, a unit a module. */
  static String svg(String text) {
    QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
    int size = code.size + 2 * QUIET;
    StringBuilder modules = new StringBuilder();
    for (int y = 0; y < code.size; y++) {
      row(code, y, modules);
    }
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img">
    <title>%s</title>
    <path fill="#fff" d="M0 0h%dv%dH0z"/>
    <path fill="#000" d="%s"/>
    </svg>
    """
        .formatted(size, size, escaped(text), size, size, modules);
  }

  /** Neighbours are one bar, so that no hairline parts them. */
  private static void row(QrCode code, int y, StringBuilder out) {
    int x = 0;
    while (x < code.size) {
      int start = x;
      while (x < code.size && code.getModule(x, y)) {
        x++;
      }
      if (x > start) {
        out.append("M%d %dh%dv1h-%dz".formatted(start + QUIET, y + QUIET, x - start, x - start));
      } else {
        x++;
      }
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
