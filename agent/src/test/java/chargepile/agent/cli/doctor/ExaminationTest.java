package chargepile.agent.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExaminationTest {
  private final List<List<String>> waits = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  private record Sample(String name, Duration limit, Callable<List<Finding>> looking)
      implements Check {
    @Override
    public List<Finding> look() throws Exception {
      return looking.call();
    }
  }

  private static Check check(String name, Callable<List<Finding>> looking) {
    return new Sample(name, Duration.ofSeconds(30), looking);
  }

  private List<Outcome> examine(Check... checks) throws InterruptedException {
    return Examination.of(
        List.of(checks),
        new Examination.Observer() {
          @Override
          public void waitingFor(List<String> names) {
            waits.add(names);
          }

          @Override
          public void done(Outcome outcome) {
            told.add(outcome.check());
          }
        });
  }

  private Finding failure(Exception thrown) throws InterruptedException {
    return examine(
            check(
                "one",
                () -> {
                  throw thrown;
                }))
        .getFirst()
        .findings()
        .getFirst();
  }

  @Test
  void checksThatNeedEachOtherAreMadeAtTheSameTimeAndToldInOrder() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    List<Outcome> outcomes =
        examine(
            check(
                "first",
                () -> {
                  second.await();
                  return List.of(Finding.ok("1"));
                }),
            check(
                "second",
                () -> {
                  second.countDown();
                  return List.of(Finding.ok("2"));
                }));
    assertEquals(List.of("first", "second"), told);
    assertEquals("2", outcomes.getLast().findings().getFirst().what());
  }

  @Test
  void oneThatHangsIsSaidToHangAndHoldsUpNobody() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    List<Outcome> outcomes =
        examine(
            new Sample(
                "hanging",
                Duration.ofSeconds(1),
                () -> {
                  never.await();
                  return List.of();
                }),
            check("other", () -> List.of(Finding.ok("fine"))));
    Finding hangs = outcomes.getFirst().findings().getFirst();
    assertEquals(Verdict.FAIL, hangs.verdict());
    assertTrue(hangs.what().contains("did not end within 1 s"), hangs.what());
    assertEquals(Verdict.OK, outcomes.getLast().findings().getFirst().verdict());
    assertTrue(waits.contains(List.of("hanging")), waits.toString());
  }

  @Test
  void whatACheckThrowsIsAFailureInItsWords() throws Exception {
    assertEquals(
        Finding.fail("the node is away", ""), failure(new ChainException("the node is away")));
  }

  @Test
  void whatThisUserMayNotSeeIsForTheDaemonsUser() throws Exception {
    Finding finding = failure(new AccessDeniedException("/var/lib/chargepile"));
    assertEquals(Verdict.FAIL, finding.verdict());
    assertTrue(finding.advice().contains("sudo -u chargepile"), finding.advice());
  }

  @Test
  void anErrorOfTheProgramIsCalledOne() throws Exception {
    assertTrue(failure(new IllegalStateException("oh")).what().contains("error of the program"));
  }
}
