package chargepile.agent.market.desk;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.Listing;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Keeps one listing as the tariff is: published, amended, withdrawn (P2-05). */
final class ShopKeeping {
  private ShopKeeping() {}

  static void drive(
      Intents intents, MarketView view, Optional<PilePolicy.Shop> policy, boolean inService) {
    List<Listing> open =
        view.listings().stream()
            .filter(listing -> !listing.withdrawn())
            .sorted(Comparator.comparing(Listing::id).reversed())
            .toList();
    PilePolicy.Shop shop = policy.filter(_ -> inService).orElse(null);
    if (shop == null) {
      open.stream()
          .findFirst()
          .ifPresent(listing -> intents.add(new DeskAction.Withdraw(listing.id())));
      return;
    }
    if (open.size() > 1) {
      intents.add(new DeskAction.Withdraw(open.getLast().id()));
      return;
    }
    if (view.now().isBefore(view.nextListing())) {
      return;
    }
    Offered offered = offered(shop, view.now());
    if (open.isEmpty()) {
      intents.add(new DeskAction.Publish(view.listings().size(), offered));
    } else if (isStale(open.getFirst(), shop, view)) {
      Listing listing = open.getFirst();
      intents.add(new DeskAction.Amend(listing.id(), listing.version(), offered));
    }
  }

  private static boolean isStale(Listing listing, PilePolicy.Shop shop, MarketView view) {
    Duration left = Duration.between(view.now(), listing.window().end());
    return !listing.price().equals(TradePrice.of(shop.pricePerKwh()))
        || left.compareTo(shop.validity().dividedBy(2)) < 0
        || listing.open().compareTo(view.rules().minimumFill()) < 0;
  }

  private static Offered offered(PilePolicy.Shop shop, Instant now) {
    Instant start = now.truncatedTo(ChronoUnit.SECONDS);
    Instant end = start.plusSeconds(Math.max(1, shop.validity().toSeconds()));
    return new Offered(
        TradePrice.of(shop.pricePerKwh()), shop.energy(), new DeliveryWindow(start, end));
  }
}
