package chargepile.agent.cli.market.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.market.MarketChain;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.units.Amount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a harmed party's complaint to what it gets of a bond, on a real chain (P1-11). */
class VerdictCommandsTest {
  @TempDir private static Path keys;
  private static MarketChain chain;

  @TempDir private Path folder;
  private String before;

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    chain = MarketChain.open();
    for (MarketChain.Member member :
        List.of(chain.seller, chain.buyer, chain.agency, chain.court, chain.stranger)) {
      Files.writeString(keys.resolve(member + ".key"), member.secret().toHex() + "\n");
    }
  }

  @AfterAll
  static void close() {
    if (chain != null) {
      chain.close();
    }
  }

  @BeforeEach
  void remember() throws IOException {
    before = chain.anvil.snapshot();
    Files.writeString(folder.resolve("evidence.zip"), "certificate and records\n");
  }

  @AfterEach
  void forget() {
    chain.anvil.revert(before);
  }

  private CommandRun run(MarketChain.Member by, Object... command) {
    List<Object> all = new ArrayList<>(List.of("market"));
    all.addAll(List.of(command));
    all.addAll(List.of("--key-file", keys.resolve(by + ".key")));
    all.addAll(List.of("--transactions", folder.resolve(by + "-transactions")));
    all.addAll(List.of("--rpc", chain.anvil.endpoint().url(), "--chain", 31_337));
    all.addAll(List.of("--registry", chain.registry.address(), "--finality", "1"));
    return CommandRun.of(all.toArray());
  }

  private String done(MarketChain.Member by, Object... command) {
    CommandRun run = run(by, command);
    assertEquals(0, run.exit(), run.err());
    return run.out();
  }

  private String refused(MarketChain.Member by, Object... command) {
    CommandRun run = run(by, command);
    assertEquals(1, run.exit(), run.out());
    assertFalse(run.err().contains("\tat "), run.err());
    return run.err();
  }

  private Object[] complaint(String accused, long amount, String harmed) {
    return new Object[] {
      "verdict",
      "complain",
      accused,
      "--amount",
      amount,
      "--evidence",
      folder.resolve("evidence.zip"),
      "--harmed",
      harmed,
      "--to",
      folder.resolve("complaint.json")
    };
  }

  /** The buyer complains of the pile, and the agency brings it. */
  private void accused(long amount) {
    done(chain.buyer, complaint("pile-1", amount, "car-1"));
    String out = done(chain.agency, "verdict", "accuse", folder.resolve("complaint.json"));
    assertTrue(out.contains("the accused may appeal until"), out);
  }

  private static RegisteredParty pile() {
    return chain.registry.party(chain.seller.id(), BlockRef.LATEST).orElseThrow();
  }

  private static Amount buyerHas() {
    return chain.token.balance(chain.buyer.account(), BlockRef.LATEST);
  }

  @Test
  void whatNobodyAppealsAgainstIsPaidToTheHarmedParty() {
    Amount bond = pile().bond();
    Amount had = buyerHas();
    accused(700);
    assertFalse(chain.registry.isActive(chain.seller.id(), BlockRef.LATEST));
    String shown = done(chain.stranger, "verdict", "show", "pile-1");
    assertTrue(shown.contains("700 units, to " + chain.buyer.account()), shown);
    assertTrue(shown.contains("it takes on nothing new"), shown);
    String early = refused(chain.stranger, "verdict", "conclude", "pile-1");
    assertTrue(early.contains("is not final yet: the accused may appeal until"), early);
    chain.pass(Duration.ofDays(7).plusMinutes(1));
    String late = refused(chain.seller, "verdict", "appeal", "pile-1");
    assertTrue(late.contains("there is nothing to appeal against: final since"), late);
    String end = done(chain.stranger, "verdict", "conclude", "pile-1");
    assertTrue(end.startsWith("pile-1 lost 700 units of its bond to"), end);
    assertEquals(bond.minus(new Amount(700)), pile().bond());
    assertEquals(had.plus(new Amount(700)), buyerHas());
    assertTrue(done(chain.stranger, "verdict", "show", "pile-1").contains("no verdict is open"));
  }

  @Test
  void thePileSeesItAnswersItAndKeepsItsBondWhenTheCourtOverturnsIt() {
    Amount bond = pile().bond();
    accused(700);
    String wrong = refused(chain.stranger, "verdict", "appeal", "pile-1");
    assertTrue(wrong.contains("does not speak for pile-1"), wrong);
    String appealed = done(chain.seller, "verdict", "appeal", "pile-1");
    assertTrue(appealed.contains("the court may rule until"), appealed);
    String json = done(chain.seller, "verdict", "show", "pile-1", "--json");
    assertTrue(json.contains("\"stage\":\"appealed\",\"amount_base_units\":700,"), json);
    String notCourt = refused(chain.agency, "verdict", "rule", "pile-1", "--uphold");
    assertTrue(notCourt.contains("is not the court of this registry"), notCourt);
    String ruled = done(chain.court, "verdict", "rule", "pile-1", "--overturn");
    assertTrue(ruled.contains("is overturned"), ruled);
    assertEquals(bond, pile().bond());
    assertTrue(chain.registry.isActive(chain.seller.id(), BlockRef.LATEST));
    String again = refused(chain.agency, "verdict", "accuse", folder.resolve("complaint.json"));
    assertTrue(again.contains("this complaint had its verdict already"), again);
  }

  @Test
  void whatTheCourtUpholdsIsCarriedOutAtOnce() {
    Amount bond = pile().bond();
    accused(700);
    done(chain.seller, "verdict", "appeal", "pile-1");
    done(chain.court, "verdict", "rule", "pile-1", "--uphold");
    assertTrue(done(chain.buyer, "verdict", "conclude", "pile-1").contains("lost 700 units"));
    assertEquals(bond.minus(new Amount(700)), pile().bond());
  }

  @Test
  void aCourtThatSaysNothingHasUpheldNothing() {
    Amount bond = pile().bond();
    accused(700);
    done(chain.seller, "verdict", "appeal", "pile-1");
    chain.pass(Duration.ofDays(7).plusMinutes(1));
    String end = done(chain.seller, "verdict", "conclude", "pile-1");
    assertTrue(end.contains("has lapsed"), end);
    assertEquals(bond, pile().bond());
  }

  @Test
  void aComplaintThatTheContractWouldNotTakeIsNotWritten() {
    String unknown = refused(chain.buyer, complaint("pile-9", 7, "car-1"));
    assertTrue(unknown.contains("pile-9 is not in the registry"), unknown);
    String much = refused(chain.buyer, complaint("pile-1", 1_000_000_000, "car-1"));
    assertTrue(much.contains("no more than that can be asked for"), much);
    String bondless = refused(chain.seller, complaint("car-1", 1, "pile-1"));
    assertTrue(bondless.contains("car-1 has a bond of 0 units"), bondless);
    String self = refused(chain.buyer, complaint("car-1", 1, "car-1"));
    assertTrue(self.contains("complains of itself"), self);
    String foreign = refused(chain.stranger, complaint("pile-1", 7, "car-1"));
    assertTrue(foreign.contains("does not speak for car-1"), foreign);
    String nothing = refused(chain.buyer, complaint("pile-1", 0, "car-1"));
    assertTrue(nothing.contains("1 or more is wanted"), nothing);
    assertFalse(Files.exists(folder.resolve("complaint.json")));
  }

  @Test
  void onlyTheAgencyBringsAComplaintAndOnlyAsItWasSigned() throws IOException {
    done(chain.buyer, complaint("pile-1", 700, "car-1"));
    Path file = folder.resolve("complaint.json");
    String stranger = refused(chain.stranger, "verdict", "accuse", file);
    assertTrue(stranger.contains("is not the agency of this registry"), stranger);
    Path other = Files.writeString(folder.resolve("other.zip"), "something else\n");
    String evidence = refused(chain.agency, "verdict", "accuse", file, "--evidence", other);
    assertTrue(evidence.contains("is not what the complaint is signed over"), evidence);
    String signed = Files.readString(file);
    Files.writeString(file, signed.replace(":700,", ":9000,"));
    String changed = refused(chain.agency, "verdict", "accuse", file);
    assertTrue(changed.contains("which does not speak for car-1"), changed);
    Files.writeString(file, signed.replace("\"amount_base_units\":700", "\"amount\":700"));
    String malformed = refused(chain.agency, "verdict", "accuse", file);
    assertTrue(malformed.contains("\"amount_base_units\" should be a whole number"), malformed);
    assertEquals(0, chain.node.nonce(chain.stranger.account(), BlockRef.LATEST));
  }

  @Test
  void withoutAVerdictThereIsNothingToDo() {
    for (String verb : List.of("appeal", "conclude")) {
      String none = refused(chain.seller, "verdict", verb, "pile-1");
      assertTrue(none.contains("no verdict is open against pile-1"), none);
    }
    String which = refused(chain.seller, "verdict", "appeal");
    assertTrue(which.contains("which party? Give its name"), which);
  }

  @Test
  void aBondIsToppedUpByAnybodyAndGivenAwayByItsOwnerAlone() {
    Amount bond = pile().bond();
    String added = done(chain.buyer, "bond", "top-up", "pile-1", 50);
    assertTrue(added.startsWith("50 units added to the bond of pile-1"), added);
    assertEquals(bond.plus(new Amount(50)), pile().bond());
    String poor = refused(chain.stranger, "bond", "top-up", "pile-1", 50);
    assertTrue(poor.contains("has 0 units of the token"), poor);
    String foreign =
        refused(chain.buyer, "bond", "assign", "pile-1", "--to", chain.buyer.account());
    assertTrue(foreign.contains("is not the account"), foreign);
    String given = done(chain.seller, "bond", "assign", "pile-1", "--to", chain.buyer.account());
    assertTrue(given.contains("is " + chain.buyer.account() + "'s"), given);
    assertEquals(chain.buyer.account(), pile().owner());
  }
}
