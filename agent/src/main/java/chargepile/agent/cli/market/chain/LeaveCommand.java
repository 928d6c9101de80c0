package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Role;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market leave}. */
@Command(
    name = "leave",
    sortOptions = false,
    description = {
      "Take this device out of the registry, when nothing is owed; it can't trade any more then."
          + " Its",
      "bond stays locked until the last dispute of its time would be over. Given again after that,",
      "the same command has the bond paid to its owner.",
      "A pile refuses new channels first, and ends those that keep its bond: one in which nothing"
          + " is",
      "its own is left to the other side at once, any other is closed, and settled by the same",
      "command after the challenge period. The device's own program must not run meanwhile."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class LeaveCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Member member;

  @Option(
      names = "--pile",
      paramLabel = "ID",
      description = "A pile whose bond is this company's, instead of the device itself.")
  private @Nullable String pile;

  @Option(
      names = "--channels",
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description = {
        "With --pile: the contract of its voucher channels. Have those closed that keep the bond,",
        "for the pile's account is lost; its program can't be asked any more."
      })
  private @Nullable EvmAddress contract;

  @Option(
      names = "--first-block",
      paramLabel = "N",
      defaultValue = "0",
      description = "With --channels: no log of the contracts is in an earlier block (default: 0).")
  private long firstBlock;

  @Option(
      names = "--dry-run",
      description = "List the channels that keep the bond and what would be done; send nothing.")
  private boolean dryRun;

  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    try (Member.Opened opened = member.open()) {
      PartyId name = pile == null ? opened.reply().certificate().party() : Parties.named(pile);
      Member.work(opened, why -> out.println("  " + why), desk -> leave(opened, desk, name, out));
    }
    out.flush();
    return 0;
  }

  private void leave(Member.Opened opened, Member.Desk desk, PartyId name, PrintWriter out)
      throws CommandFailedException, InterruptedException {
    Optional<RegisteredParty> party =
        desk.registering().party(name).filter(registered -> !registered.isLeaving());
    Optional<ChannelEnds> channels = Optional.empty();
    boolean isOwn = party.filter(found -> isOwnPile(found, opened)).isPresent();
    if (isOwn) {
      channels = Member.channels(opened, desk);
    } else if (contract != null && party.isPresent()) {
      channels = Member.channels(opened, desk, contract, firstBlock);
      requireOwner(name, party.get(), opened, channels);
    }
    if (dryRun) {
      list(name, party, channels, out);
      return;
    }
    if (channels.isPresent()) {
      ChannelEnds ends = channels.get();
      if (isOwn) {
        ends.refuse(true);
      }
      ends.end(
          party.orElseThrow().id(),
          text -> {
            out.println(text);
            out.flush();
          });
      requireEnded(name, party.orElseThrow(), desk, ends);
    }
    print(out, name, desk.registering().leave(name));
    if (channels.isPresent()) {
      channels.get().finish();
    }
  }

  private void requireOwner(
      PartyId name, RegisteredParty party, Member.Opened opened, Optional<ChannelEnds> channels)
      throws CommandFailedException {
    if (!party.owner().equals(opened.address())) {
      throw new CommandFailedException(
          "the bond of %s is %s's, and this account is %s: only the owner can have its channels closed"
              .formatted(name, party.owner(), opened.address()));
    }
    if (channels.isEmpty()) {
      throw new CommandFailedException(
          "%s (--channels) keeps no bond in the registry %s"
              .formatted(contract, opened.registry().address()));
    }
  }

  /** It can end its channels at once, and refuse others; its bond's owner can have them closed. */
  private static boolean isOwnPile(RegisteredParty party, Member.Opened opened) {
    return party.role() == Role.PILE && party.account().equals(opened.address());
  }

  private static void list(
      PartyId name,
      Optional<RegisteredParty> party,
      Optional<ChannelEnds> channels,
      PrintWriter out) {
    if (party.isEmpty()) {
      out.println(name + " is not in the registry, or has left: no channel keeps it");
      return;
    }
    List<ChannelEnds.Found> found =
        channels.map(ends -> ends.found(party.get().id())).orElse(List.of());
    for (ChannelEnds.Found each : found) {
      out.println(each + "; " + ChannelEnds.words(each));
    }
    out.println(
        "%s has %d open orders and channels, of which %d are the channels above; nothing was sent"
            .formatted(name, party.get().obligations(), found.size()));
  }

  /** What keeps the party, and until when. */
  private static void requireEnded(
      PartyId name, RegisteredParty before, Member.Desk desk, ChannelEnds ends)
      throws CommandFailedException, InterruptedException {
    List<ChannelEnds.Found> left = ends.found(before.id());
    if (left.isEmpty()) {
      return;
    }
    ends.finish();
    Instant now = desk.registering().now();
    Instant until =
        left.stream().map(each -> each.settleable(now)).max(Comparator.naturalOrder()).orElse(now);
    long others =
        desk.registering().party(name).map(RegisteredParty::obligations).orElse(0L) - left.size();
    throw new CommandFailedException(
        "%s can't leave yet: %d of its channels have to be settled, the last from %s on (in %d hours). Let its program run meanwhile, which answers stale closes, and give the same command then%s"
            .formatted(
                name,
                left.size(),
                until,
                Math.max(0, Duration.between(now, until).toHours() + 1),
                others > 0
                    ? "; besides, %d orders are open (chargepile market orders)".formatted(others)
                    : ""));
  }

  private static void print(PrintWriter out, PartyId name, Registering.Departure departure) {
    out.println(
        switch (departure) {
          case Registering.Departure.Leaving(var unlockAt, var bond, boolean fresh) ->
              bond.value() == 0
                  ? "%s %s; from %s on the same command forgets it"
                      .formatted(name, fresh ? "has left" : "has left before", unlockAt)
                  : "%s %s; its bond of %s is free at %s. Give the same command then"
                      .formatted(
                          name,
                          fresh ? "has left" : "has left before",
                          Figures.grouped(bond.value()),
                          unlockAt);
          case Registering.Departure.Gone(var bond, var owner) ->
              bond.value() == 0
                  ? "%s is no longer in the registry".formatted(name)
                  : "%s is no longer in the registry; its bond of %s was paid to %s"
                      .formatted(name, Figures.grouped(bond.value()), owner);
        });
  }
}
