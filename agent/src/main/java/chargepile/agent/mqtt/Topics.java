package chargepile.agent.mqtt;

import chargepile.agent.units.AmountUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The topics of one pile, {@code chargepile/<pile>/…} (design of the MQTT interface, {@code
 * topics.asyncapi.yaml}). Names of quantities carry their unit.
 */
public final class Topics {
  private static final String ROOT = "chargepile";
  private static final Pattern PILE_ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final Pattern WORD = Pattern.compile("[a-z0-9-]{1,64}");
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /** A link's id, after the name of the broker's user whose link it is, if it has one. */
  private static final Pattern SESSION = Pattern.compile("(?:" + USER + "/)?[0-9a-f]{32}");

  /** What may follow {@code answer/}: the levels that a client chose. */
  private static final Pattern ANSWER = Pattern.compile("[^+#\\p{Cntrl}]{1,200}");

  /** The last levels of frames: to who listens, and to who dials. */
  private record Ends(String toListener, String toDialer) {
    static final Ends PILE = new Ends("to-pile", "to-driver");
    static final Ends KGC = new Ends("to-kgc", "to-device");
  }

  private final String pileId;
  private final String base;
  private final String peers;
  private final Ends ends;

  private Topics(String pileId, String owner, Ends ends) {
    this.pileId = pileId;
    this.base = ROOT + "/" + pileId + "/";
    this.peers = base + "peer/" + owner;
    this.ends = ends;
  }

  /**
   * The topics of {@code pileId}: 1 to 64 letters, digits, underscores and hyphens; throws {@link
   * IllegalArgumentException} otherwise.
   */
  public static Topics of(String pileId) {
    return new Topics(named("pile id", pileId), "", Ends.PILE);
  }

  /**
   * The topics of a key generation centre: frames to it and to the devices that register, {@code
   * chargepile/<kgc>/peer/<link>/to-kgc} and {@code to-device}; of the rest it uses none. Its name
   * is as a pile's.
   */
  public static Topics ofKgc(String name) {
    return new Topics(named("name of the KGC", name), "", Ends.KGC);
  }

  private static String named(String what, String id) {
    if (!PILE_ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "%s \"%s\": use 1 to 64 of A-Z, a-z, 0-9, _ and -".formatted(what, id));
    }
    return id;
  }

  /**
   * The same topics for the driver that the broker knows as {@code user}: frames go below {@code
   * peer/<user>/}, which the broker's ACL keeps for that user alone. 1 to 64 letters, digits,
   * underscores, dots and hyphens; throws {@link IllegalArgumentException} otherwise.
   */
  public Topics as(String user) {
    if (!USER.matcher(user).matches()) {
      throw new IllegalArgumentException(
          "broker user \"%s\": use 1 to 64 of A-Z, a-z, 0-9, _, . and -".formatted(user));
    }
    return new Topics(pileId, user + "/", ends);
  }

  public String pileId() {
    return pileId;
  }

  /** {@code online} or {@code offline}; retained, and the last will. */
  public String status() {
    return base + "status";
  }

  /** What this pile is; retained JSON. */
  public String info() {
    return base + "info";
  }

  /** The charging session; retained JSON. */
  public String session() {
    return base + "session";
  }

  /** A channel, by its id in hex; retained JSON. */
  public String channel(String channelId) {
    return base + "channel/" + word("channel id", channelId);
  }

  /** The fault at present; retained JSON. */
  public String fault() {
    return base + "fault";
  }

  /** What the pile does on the market by itself; retained JSON. */
  public String market() {
    return base + "market";
  }

  /** Power in watts, negative while exporting; retained. */
  public String powerW() {
    return base + "power_w";
  }

  /** Imported energy in watt-hours, the lifetime register; retained. */
  public String energyImportWh() {
    return base + "energy_import_wh";
  }

  /** Exported energy in watt-hours, the lifetime register; retained. */
  public String energyExportWh() {
    return base + "energy_export_wh";
  }

  /**
   * Price of a kilowatt-hour in the ledger's unit, which is in the name: {@code
   * price_msat_per_kwh}, {@code price_base_units_per_kwh}; retained.
   */
  public String pricePerKwh(AmountUnit unit) {
    return base + unit.pricePerKwh();
  }

  /** {@code open} or {@code closed}; retained. */
  public String contactor() {
    return base + "contactor";
  }

  /** A command to the pile: {@code start}, {@code stop}, …; never retained. */
  public String command(String verb) {
    return base + "cmd/" + word("verb", verb);
  }

  /** All commands to the pile. */
  public String commands() {
    return base + "cmd/+";
  }

  /** The verb of a command's topic, or nothing when {@code topic} is none of this pile. */
  public Optional<String> verbOf(String topic) {
    return tail(topic, "cmd/").filter(verb -> WORD.matcher(verb).matches());
  }

  /** Whether the pile answers on {@code topic}: below {@code answer/}, without wildcards. */
  public boolean isAnswer(String topic) {
    return tail(topic, "answer/").filter(rest -> ANSWER.matcher(rest).matches()).isPresent();
  }

  /** That the pile is alive, from time to time; never retained. */
  public String heartbeat() {
    return base + "heartbeat";
  }

  /** Encrypted frames of a link from the driver to the pile; never retained. */
  public String toPile(String session) {
    return peers + session(session) + "/" + ends.toListener;
  }

  /** Encrypted frames of a link from the pile to the driver; never retained. */
  public String toDriver(String session) {
    return peers + session(session) + "/" + ends.toDialer;
  }

  /** All frames to the pile, of links without a user's name. */
  public String peersToPile() {
    return base + "peer/+/" + ends.toListener;
  }

  /** All frames to the pile, of links with a user's name. */
  public String userPeersToPile() {
    return base + "peer/+/+/" + ends.toListener;
  }

  /**
   * The session of a {@link #toPile} topic, with its user's name before it ({@code user/session})
   * where there is one, or nothing when {@code topic} is none.
   */
  public Optional<String> sessionOf(String topic) {
    return tail(topic, "peer/")
        .filter(rest -> rest.endsWith("/" + ends.toListener))
        .map(rest -> rest.substring(0, rest.length() - ends.toListener.length() - 1))
        .filter(session -> SESSION.matcher(session).matches());
  }

  /**
   * Whose frames a {@link #toPile} topic carries: the user's name, or the session where there is
   * none, or nothing when {@code topic} is none.
   */
  public Optional<String> senderOf(String topic) {
    return sessionOf(topic).map(session -> session.split("/", 2)[0]);
  }

  private Optional<String> tail(String topic, String branch) {
    String prefix = base + branch;
    return topic.startsWith(prefix)
        ? Optional.of(topic.substring(prefix.length()))
        : Optional.empty();
  }

  private static String word(String what, String value) {
    if (!WORD.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "%s \"%s\": use 1 to 64 of a-z, 0-9 and -".formatted(what, value));
    }
    return value;
  }

  private static String session(String value) {
    if (!SESSION.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "link session \"%s\": use 32 hex digits in lower case".formatted(value));
    }
    return value;
  }
}
