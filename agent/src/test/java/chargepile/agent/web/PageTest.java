package chargepile.agent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser. */
class PageTest {
  private static final String TOKEN = "0123456789abcdef0123";

  @TempDir private Path folder;
  private Browser browser;

  @BeforeEach
  void find() {
    browser = Browser.find(folder);
  }

  @Test
  void aSessionUnderWay() throws Exception {
    try (Served served = new Served(Samples::charging, Optional.empty())) {
      Browser.Visit page = browser.visit(served.server.url()).requireClean(served.server.url());

      assertEquals("pile-1", page.text("pile"));
      assertEquals("Charging", page.text("state"));
      assertEquals("7.3", page.text("power"));
      assertEquals("8.432", page.text("energy"));
      assertEquals("2\u202f404", page.text("money"));
      assertEquals("48:17", page.text("time"));
      assertEquals("300.5 sat/kWh + 1.5 sat/min", page.text("price"));
      assertEquals("432 Wh", page.text("unpaid"));
      assertTrue(page.text("channels").contains("62\u202f400"), page.text("channels"));
      assertEquals("268\u202f431", page.text("tip"));
      assertEquals("4 s ago", page.text("look"));
      assertEquals("block 268\u202f575", page.text("deadline"));
      assertEquals("none", page.text("faults"));
      assertEquals(Samples.ADDRESS, page.text("address"));
      assertFalse(page.shows("problems") || page.shows("locked"));
    }
  }

  @Test
  void whatIsWrongIsSaidFirstAndAsText() throws Exception {
    String hostile = "<img src=x onerror=alert(1)> & \"more\"";
    try (Served served = new Served(() -> Samples.broken(hostile), Optional.empty())) {
      Browser.Visit page = browser.visit(served.server.url()).requireClean(served.server.url());

      assertTrue(page.shows("problems"));
      assertTrue(page.text("problems").contains("fault: WELDED CONTACTOR"), page.text("problems"));
      assertTrue(page.dom().contains("&lt;img src=x onerror=alert(1)&gt; &amp; \"more\""));
      assertTrue(page.text("problems").contains("gpio.contactor_readback_pin"), "the remedy");
      assertEquals("Out of order", page.text("state"));
      assertEquals("welded contactor", page.text("faults"));
      assertEquals("not seen yet", page.text("tip"));
    }
  }

  @Test
  void withATokenItIsAskedForOrInTheLink() throws Exception {
    try (Served served = new Served(Samples::charging, Optional.of(TOKEN))) {
      Browser.Visit locked = browser.visit(served.server.url());
      assertTrue(locked.shows("locked"));
      assertFalse(locked.dom().contains("pile-1"));

      String link = served.server.url() + "#token=" + TOKEN;
      Browser.Visit page = browser.visit(link).requireClean(link);
      assertFalse(page.shows("locked"));
      assertEquals("7.3", page.text("power"));
    }
  }

  @Test
  void aLinkThatIsCutOffInItsTokenIsRead() throws Exception {
    try (Served served = new Served(Samples::charging, Optional.empty())) {
      String link = served.server.url() + "#token=%";
      assertEquals("7.3", browser.visit(link).requireClean(link).text("power"));
    }
  }

  @Test
  void aPileThatHangsIsNotLive() throws Exception {
    try (Served served =
        new Served(() -> Samples.silent(Duration.ofSeconds(11)), Optional.empty())) {
      Browser.Visit page = browser.visit(served.server.url()).requireClean(served.server.url());
      assertEquals("pile does not answer", page.text("live"));
      assertEquals("no answer for 11 s", page.text("problems"));
    }
  }

  @Test
  void aDriverCanScanIt() throws Exception {
    try (Served served = new Served(Samples::idle, Optional.empty())) {
      for (String colours : new String[] {"0", "1"}) { // dark and light
        Path picture =
            browser.picture(
                served.server.url(),
                colours + ".png",
                1200,
                1000,
                "--blink-settings=preferredColorScheme=" + colours);
        assertEquals(Samples.ADDRESS, scanned(picture));
      }
      assertEquals(
          Samples.ADDRESS, scanned(browser.picture(served.server.url(), "phone.png", 500, 2400)));
    }
  }

  private static String scanned(Path picture) throws Exception {
    BufferedImage image = ImageIO.read(picture.toFile());
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    var source = new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels);
    return new QRCodeReader()
        .decode(
            new BinaryBitmap(new HybridBinarizer(source)), Map.of(DecodeHintType.TRY_HARDER, true))
        .getText();
  }
}
