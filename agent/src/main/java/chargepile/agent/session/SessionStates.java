package chargepile.agent.session;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.session.wire.SessionCodec;
import chargepile.agent.session.wire.SessionMessage;
import chargepile.agent.units.Direction;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The parts of a stored state that both sides of a session have. */
public final class SessionStates {
  private SessionStates() {}

  /** Messages are stored in their wire form. */
  public static void message(StateWriter out, SessionMessage message) {
    out.bytes(SessionCodec.encode(message));
  }

  public static <T extends SessionMessage> T message(StateReader in, Class<T> kind) {
    try {
      SessionMessage message = SessionCodec.decode(in.bytes());
      if (!kind.isInstance(message)) {
        throw new MalformedStateException(
            "%s stands where %s should"
                .formatted(message.getClass().getSimpleName(), kind.getSimpleName()));
      }
      return kind.cast(message);
    } catch (MalformedMessageException e) {
      throw new MalformedStateException("a stored message: " + e.getMessage(), e);
    }
  }

  public static void direction(StateWriter out, Direction direction) {
    out.text(direction.name());
  }

  public static Direction direction(StateReader in) {
    return Direction.valueOf(in.text());
  }

  public static void directions(StateWriter out, Set<Direction> directions) {
    out.list(directions.stream().sorted().toList(), direction -> direction(out, direction));
  }

  public static Set<Direction> directions(StateReader in) {
    Set<Direction> directions = EnumSet.noneOf(Direction.class);
    List<Direction> stored = in.list(() -> direction(in));
    directions.addAll(stored);
    return directions;
  }

  public static void limits(StateWriter out, Limits limits) {
    out.energy(limits.energy());
    out.amount(limits.money());
    out.i64(limits.powerWatts());
    out.i64(limits.duration().toMillis());
  }

  public static Limits limits(StateReader in) {
    return new Limits(in.energy(), in.amount(), in.i64(), Duration.ofMillis(in.i64()));
  }
}
