package chargepile.agent.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.AmountUnit;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicsTest {
  private static final String SESSION = "0123456789abcdef0123456789abcdef";
  private final Topics topics = Topics.of("Pile_7-a");

  @Test
  void everyTopicIsBelowThePile() {
    assertEquals("chargepile/Pile_7-a/status", topics.status());
    assertEquals("chargepile/Pile_7-a/energy_import_wh", topics.energyImportWh());
    assertEquals(
        "chargepile/Pile_7-a/price_msat_per_kwh", topics.pricePerKwh(AmountUnit.MILLISATOSHI));
    assertEquals(
        "chargepile/Pile_7-a/price_base_units_per_kwh", topics.pricePerKwh(AmountUnit.BASE_UNIT));
    assertEquals("chargepile/Pile_7-a/channel/ff00", topics.channel("ff00"));
    assertEquals("chargepile/Pile_7-a/cmd/close-channel", topics.command("close-channel"));
    assertEquals("chargepile/Pile_7-a/peer/" + SESSION + "/to-pile", topics.toPile(SESSION));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "+", "#", "a b", "pîle", "a.b", "$SYS"})
  void aPileIdHasNothingThatATopicGivesAMeaning(String id) {
    assertThrows(IllegalArgumentException.class, () -> Topics.of(id));
  }

  @Test
  void aPileIdHasAtMost64Characters() {
    assertEquals(64, Topics.of("a".repeat(64)).pileId().length());
    assertThrows(IllegalArgumentException.class, () -> Topics.of("a".repeat(65)));
  }

  @Test
  void theSessionIsReadBackFromItsTopic() {
    assertEquals(Optional.of(SESSION), topics.sessionOf(topics.toPile(SESSION)));
    assertTrue(TopicFilter.matches(topics.peersToPile(), topics.toPile(SESSION)));
    assertFalse(TopicFilter.matches(topics.peersToPile(), topics.toDriver(SESSION)));
    assertEquals(Optional.empty(), topics.sessionOf(topics.toDriver(SESSION)));
    assertEquals(Optional.empty(), topics.sessionOf("chargepile/Pile_7-a/peer/x/to-pile"));
    assertEquals(Optional.empty(), topics.sessionOf(Topics.of("another").toPile(SESSION)));
  }

  @Test
  void aUsersLinksAreBelowItsName() {
    Topics alice = topics.as("driver.alice");
    String link = "driver.alice/" + SESSION;
    assertEquals("chargepile/Pile_7-a/peer/" + link + "/to-pile", alice.toPile(SESSION));
    assertEquals(alice.toPile(SESSION), topics.toPile(link));
    assertEquals(alice.toDriver(SESSION), topics.toDriver(link));
    assertEquals(Optional.of(link), topics.sessionOf(alice.toPile(SESSION)));
    assertTrue(TopicFilter.matches(topics.userPeersToPile(), alice.toPile(SESSION)));
    assertFalse(TopicFilter.matches(topics.peersToPile(), alice.toPile(SESSION)));
    assertEquals(topics.status(), alice.status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "+", "#", "a b", "CN=alice"})
  void aUserHasNothingThatATopicGivesAMeaning(String user) {
    assertThrows(IllegalArgumentException.class, () -> topics.as(user));
  }

  @Test
  void theVerbIsReadBackFromItsTopic() {
    assertEquals(Optional.of("stop"), topics.verbOf(topics.command("stop")));
    assertEquals(Optional.empty(), topics.verbOf("chargepile/Pile_7-a/cmd/a/b"));
    assertEquals(Optional.empty(), topics.verbOf(topics.status()));
    assertThrows(IllegalArgumentException.class, () -> topics.command("+"));
    assertThrows(IllegalArgumentException.class, () -> topics.toPile("+"));
  }

  @ParameterizedTest
  @CsvSource({
    "a/b,a/b,true",
    "a/b,a/b/c,false",
    "a/+,a/b,true",
    "a/+,a,false",
    "a/+,a/b/c,false",
    "+/b,a/b,true",
    "a/#,a/b/c,true",
    "a/#,a,true",
    "#,a/b,true",
    "#,$SYS/x,false",
    "$SYS/#,$SYS/x,true",
    "a/+/c,a//c,true"
  })
  void wildcardsMatchAsMqttSays(String filter, String topic, boolean matches) {
    assertEquals(matches, TopicFilter.matches(filter, topic));
  }
}
