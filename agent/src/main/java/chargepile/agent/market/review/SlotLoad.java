package chargepile.agent.market.review;

import chargepile.agent.market.order.DeliveryWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** Power that is promised, by whatever bears it, slot by slot. */
final class SlotLoad<K> {
  private final long slotSeconds;
  private final Map<K, NavigableMap<Long, Long>> watts = new HashMap<>();

  /** Slots before this one are forgotten, and stay so should the clock step back. */
  private long current = Long.MIN_VALUE;

  SlotLoad(Duration slot) {
    slotSeconds = slot.toSeconds();
  }

  /** The most that is promised in a slot of this window. */
  long peak(K bearer, DeliveryWindow window) {
    NavigableMap<Long, Long> slots = watts.get(bearer);
    return slots == null
        ? 0
        : slots.subMap(first(window), true, last(window), true).values().stream()
            .mapToLong(Long::longValue)
            .max()
            .orElse(0);
  }

  /** What is promised in one slot. */
  long at(K bearer, long slot) {
    NavigableMap<Long, Long> slots = watts.get(bearer);
    return slots == null ? 0 : slots.getOrDefault(slot, 0L);
  }

  void add(K bearer, DeliveryWindow window, long power) {
    NavigableMap<Long, Long> slots = watts.computeIfAbsent(bearer, _ -> new TreeMap<>());
    forEachKeptSlot(window, slot -> slots.merge(slot, power, Math::addExact));
  }

  /**
   * Takes out what was added.
   *
   * @throws IllegalStateException when it was not
   */
  void remove(K bearer, DeliveryWindow window, long power) {
    NavigableMap<Long, Long> slots = watts.computeIfAbsent(bearer, _ -> new TreeMap<>());
    forEachKeptSlot(
        window,
        slot -> {
          long old = slots.getOrDefault(slot, 0L);
          if (old < power) {
            throw new IllegalStateException(
                "%s has %d W in slot %d: %d W were never added"
                    .formatted(bearer, old, slot, power));
          }
          if (old == power) {
            slots.remove(slot);
          } else {
            slots.put(slot, old - power);
          }
        });
    if (slots.isEmpty()) {
      watts.remove(bearer);
    }
  }

  /** Forgets the slots that are over. */
  void forgetBefore(Instant now) {
    current = Math.max(current, Math.floorDiv(now.getEpochSecond(), slotSeconds));
    watts.values().forEach(slots -> slots.headMap(current, false).clear());
    watts.values().removeIf(Map::isEmpty);
  }

  void forEachSlot(DeliveryWindow window, LongConsumer visit) {
    for (long slot = first(window); slot <= last(window); slot++) {
      visit.accept(slot);
    }
  }

  private void forEachKeptSlot(DeliveryWindow window, LongConsumer visit) {
    for (long slot = Math.max(current, first(window)); slot <= last(window); slot++) {
      visit.accept(slot);
    }
  }

  private long first(DeliveryWindow window) {
    return Math.floorDiv(window.start().getEpochSecond(), slotSeconds);
  }

  /** The slot of the window's last second. */
  private long last(DeliveryWindow window) {
    return Math.floorDiv(window.end().getEpochSecond() - 1, slotSeconds);
  }
}
