package chargepile.hal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureNoticeTest {
  private final FailureNotice notice = new FailureNotice();
  private final List<String> told = new ArrayList<>();

  @Test
  void onlyTheFirstFailureIsTold() {
    notice.listen(told::add);
    assertEquals(List.of(), told);

    notice.tell("first");
    notice.tell("second");

    assertEquals(List.of("first"), told);
  }

  @Test
  void aLateListenerIsToldAtOnce() {
    notice.tell("first");
    notice.tell("second");

    notice.listen(told::add);

    assertEquals(List.of("first"), told);
  }

  @Test
  void thereIsOneListenerOnly() {
    notice.listen(told::add);

    assertThrows(IllegalStateException.class, () -> notice.listen(told::add));
  }
}
