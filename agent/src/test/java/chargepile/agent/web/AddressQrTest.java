package chargepile.agent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AddressQrTest {
  private static final Pattern BAR = Pattern.compile("M(\\d+) (\\d+)h(\\d+)v1h-(\\d+)z");
  private static final int SCALE = 4;

  @Test
  void whatIsDrawnReadsAsTheAddress() throws Exception {
    assertEquals(Samples.ADDRESS, read(AddressQr.svg(Samples.ADDRESS)));
  }

  @Test
  void itNeedsNothingElseToBeShown() {
    String svg = AddressQr.svg("a<b&c");
    assertTrue(svg.contains("<title>a&lt;b&amp;c</title>"), svg);
    assertTrue(!svg.contains("href") && !svg.contains("style") && !svg.contains("script"), svg);
  }

  private static String read(String svg) throws Exception {
    Matcher box = Pattern.compile("viewBox=\"0 0 (\\d+) ").matcher(svg);
    assertTrue(box.find());
    int size = Integer.parseInt(box.group(1)) * SCALE;
    int[] pixels = new int[size * size];
    Arrays.fill(pixels, 0xffffff);
    Matcher bar = BAR.matcher(svg);
    while (bar.find()) {
      int x = Integer.parseInt(bar.group(1)) * SCALE;
      int y = Integer.parseInt(bar.group(2)) * SCALE;
      int width = Integer.parseInt(bar.group(3)) * SCALE;
      for (int row = y; row < y + SCALE; row++) {
        Arrays.fill(pixels, row * size + x, row * size + x + width, 0);
      }
    }
    var image = new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(size, size, pixels)));
    return new QRCodeReader().decode(image).getText();
  }
}
