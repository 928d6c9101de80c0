package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.LogFollower.Cursor;
import chargepile.agent.evm.LogFollower.News;
import chargepile.agent.evm.LogFollower.Round;
import chargepile.agent.json.JsonValue;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real node that mines when told and reorganises. */
class LogFollowerTest {
  private static final int DEPTH = 4;
  private static final EvmKey KEY = Anvil.key(2);

  private Anvil anvil;
  private EvmRpc node;
  private Beacon beacon;
  private LogFollower follower;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    node = anvil.rpc();
    beacon = Beacon.at(anvil, "0x00000000000000000000000000000000000000be");
    follower = follower(Cursor.before(0), DEPTH);
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
      anvil.close();
    }
  }

  private LogFollower follower(Cursor from, int depth) {
    return new LogFollower(node, List.of(node), beacon.logs(), Finality.depth(depth), from);
  }

  private void light(int... numbers) {
    for (int number : numbers) {
      anvil.carryOut(KEY, beacon.light(number));
    }
  }

  private static List<String> told(Round round) {
    return round.news().stream()
        .map(
            news ->
                switch (news) {
                      case News.Seen seen -> "seen ";
                      case News.Withdrawn withdrawn -> "withdrawn ";
                      case News.Confirmed confirmed -> "confirmed ";
                      case News.Undone undone -> "undone ";
                    }
                    + Beacon.numbers(List.of(news.log())).getFirst())
        .toList();
  }

  @Test
  void aLogIsSeenAtTheHeadAndConfirmedAtItsDepth() {
    light(1);
    assertEquals(List.of("seen 1"), told(follower.look()));
    assertEquals(List.of(), told(follower.look()));
    anvil.mine(DEPTH - 1);
    assertEquals(List.of("confirmed 1"), told(follower.look()));
    assertEquals(List.of(), told(follower.look()));
  }

  @Test
  void logsAreConfirmedInTheirOrder() {
    light(1, 2, 3, 4, 5);
    anvil.mine(DEPTH);
    assertEquals(
        List.of("confirmed 1", "confirmed 2", "confirmed 3", "confirmed 4", "confirmed 5"),
        told(follower.look()));
  }

  @Test
  void afterARestartItGoesOnWhereItsCursorStood() {
    light(1);
    anvil.mine(DEPTH);
    Cursor cursor = follower.look().cursor();
    light(2);
    follower = follower(cursor, DEPTH);
    assertEquals(List.of("seen 2"), told(follower.look()));
    anvil.mine(DEPTH);
    assertEquals(List.of("confirmed 2"), told(follower.look()));
  }

  @Test
  void whatWasMissedOverMoreBlocksThanANodeAnswersForIsFound() throws IOException {
    light(1);
    anvil.mine(150);
    light(2);
    anvil.mine(DEPTH);
    try (LyingNode strict = new LyingNode(anvil);
        EvmRpc rpc = strict.rpc()) {
      strict.tell(
          (method, params, result) ->
              method.equals("eth_getLogs") && blocks(params) > 20
                  ? LyingNode.refusal(-32_005, "query exceeds max block range 20")
                  : result);
      follower =
          new LogFollower(
              rpc, List.of(rpc), beacon.logs(), Finality.depth(DEPTH), Cursor.before(0));
      assertEquals(List.of("confirmed 1", "confirmed 2"), told(follower.look()));
    }
  }

  @Test
  void afterABusyTimeItAsksForManyBlocksAgain() throws IOException {
    var asked = new java.util.concurrent.CopyOnWriteArrayList<Long>();
    var most = new java.util.concurrent.atomic.AtomicLong(1);
    anvil.mine(200);
    try (LyingNode strict = new LyingNode(anvil);
        EvmRpc rpc = strict.rpc()) {
      strict.tell(
          (method, params, result) -> {
            if (!method.equals("eth_getLogs") || blocks(params) <= most.get()) {
              return result;
            }
            asked.add(blocks(params));
            return LyingNode.refusal(-32_005, "query returned more than 10000 results");
          });
      follower =
          new LogFollower(
              rpc, List.of(rpc), beacon.logs(), Finality.depth(DEPTH), Cursor.before(0));
      var unused = follower.look();
      int refused = asked.size();
      most.set(1000);
      for (int i = 0; i < 10; i++) {
        anvil.mine(100);
        unused = follower.look();
      }
      assertEquals(refused, asked.size(), "it is let");
      most.set(50);
      anvil.mine(100);
      unused = follower.look();
      assertTrue(asked.getLast() > 50, "it asked for more than one block at a time: " + asked);
    }
  }

  @Test
  void aRateLimitIsNoReasonToAskMoreOften() throws IOException {
    anvil.mine(20);
    var questions = new java.util.concurrent.atomic.AtomicInteger();
    try (LyingNode busy = new LyingNode(anvil);
        EvmRpc rpc = busy.rpc()) {
      busy.tell(
          (method, params, result) -> {
            if (!method.equals("eth_getLogs")) {
              return result;
            }
            questions.incrementAndGet();
            return LyingNode.refusal(-32_005, "daily request count exceeded");
          });
      LogFollower limited =
          new LogFollower(rpc, List.of(), beacon.logs(), Finality.depth(DEPTH), Cursor.before(0));
      assertThrows(RefusedByNodeException.class, limited::look);
      assertEquals(1, questions.get());
    }
  }

  static long blocks(JsonValue params) {
    RpcValue question = new RpcValue("test", "params", params).items(1).getFirst();
    return question.find("blockHash").isPresent()
        ? 1
        : question.at("toBlock").number() - question.at("fromBlock").number() + 1;
  }

  @Test
  void theStartMayBeLater() {
    light(1, 2);
    follower = follower(Cursor.before(anvil.height()), DEPTH);
    anvil.mine(DEPTH);
    assertEquals(List.of("confirmed 2"), told(follower.look()));
  }

  @ParameterizedTest(name = "a reorganisation of {0} blocks")
  @ValueSource(ints = {1, 2, 7, 32, 64})
  void aLogThatAReorganisationTookOutIsWithdrawnAndSeenAgain(int depth) {
    follower = follower(Cursor.before(0), 70);
    anvil.mine(100);
    assertEquals(List.of(), told(follower.look()));
    light(1);
    anvil.mine(depth - 1);
    assertEquals(List.of("seen 1"), told(follower.look()));
    anvil.reorg(depth);
    assertEquals(List.of("withdrawn 1"), told(follower.look()));
    light(1);
    assertEquals(List.of("seen 1"), told(follower.look()));
    anvil.mine(70);
    assertEquals(List.of("confirmed 1"), told(follower.look()));
  }

  @Test
  void aLogThatMovesToAnotherBlockIsWithdrawnThereAndSeenHere() {
    light(1);
    anvil.mine(1);
    assertEquals(List.of("seen 1"), told(follower.look()));
    anvil.reorg(2);
    light(1);
    assertEquals(List.of("withdrawn 1", "seen 1"), told(follower.look()));
  }

  @ParameterizedTest(name = "a reorganisation of {0} blocks")
  @ValueSource(ints = {8, 40, 64})
  void whatWasFinalAndIsReplacedNeverthelessIsUndone(int depth) {
    anvil.mine(100);
    assertEquals(List.of(), told(follower.look()));
    light(1);
    anvil.mine(depth - 1);
    assertEquals(List.of("confirmed 1"), told(follower.look()));
    anvil.reorg(depth);
    assertEquals(List.of("undone 1"), told(follower.look()));
    light(1);
    anvil.mine(DEPTH);
    assertEquals(List.of("confirmed 1"), told(follower.look()));
  }

  @Test
  void aReplacedBlockIsNoticedAlsoAfterARestart() {
    anvil.mine(100);
    light(1);
    anvil.mine(9);
    Cursor cursor = follower.look().cursor();
    anvil.reorg(10);
    light(2);
    anvil.mine(DEPTH);
    assertEquals(List.of("confirmed 2"), told(follower(cursor, DEPTH).look()));
  }

  @Test
  void whileNoNodeAnswersItSaysSoAndLosesNothing() throws IOException {
    try (LyingNode away = new LyingNode(anvil);
        EvmRpc rpc = away.rpc()) {
      follower =
          new LogFollower(
              rpc, List.of(rpc), beacon.logs(), Finality.depth(DEPTH), Cursor.before(0));
      away.silence(true);
      light(1);
      assertThrows(EvmException.class, follower::look);
      away.silence(false);
      assertEquals(List.of("seen 1"), told(follower.look()));
    }
  }
}
