package chargepile.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who may import whom, and with it the layers of P2-01. What the pure floors must not touch: {@link
 * PurityTest}.
 */
class ArchitectureTest {

  private static final String AGENT = "chargepile.agent.";

  /**
   * Package to floor. A package imports from lower floors, and from itself and its sub-packages.
   */
  private static final Map<String, Integer> FLOORS =
      Map.ofEntries(
          entry("units", 1),
          entry("json", 1),
          entry("codec", 2),
          entry("crypto", 2),
          entry("energy", 2),
          entry("channel", 3),
          entry("identity", 3),
          entry("ocmf", 3),
          entry("market", 3),
          entry("voucher", 3),
          entry("route", 4),
          entry("session", 4),
          entry("chain", 5),
          entry("evm", 5),
          entry("mqtt", 5),
          entry("store", 5),
          entry("config", 5),
          entry("runtime", 6),
          entry("web", 6),
          entry("cli", 7));

  /** A package that the table lacks has a test of its own; nobody below may import it. */
  private static final int NO_FLOOR = Integer.MAX_VALUE;

  static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("chargepile");

  @Test
  void everyPackageStandsOnAFloor() {
    Set<String> homeless =
        packagesThat(
            home -> home.getName().startsWith(AGENT) && floorOf(home.getName()) == NO_FLOOR);
    assertEquals(Set.of(), homeless, "packages of chargepile.agent that FLOORS lacks");
  }

  @Test
  void everyPackageImportsOnlyFromFloorsBelow() {
    classes()
        .that()
        .resideInAPackage(AGENT + "*..")
        .should(
            not(
                "import from their own floor or above",
                origin ->
                    origin.getDirectDependenciesFromSelf().stream()
                        .filter(use -> use.getTargetClass().getPackageName().startsWith(AGENT))
                        .filter(use -> !mayImport(packageOf(origin), packageOf(use)))
                        .map(Dependency::getDescription)))
        .check(CODE);
  }

  /**
   * What a session's rules may name of a ledger: payments by HTLC, which only one has, and which
   * they hand on.
   */
  private static final Set<String> HANDED_ON =
      Set.of(
          AGENT + "channel.ChannelEvent$Command",
          AGENT + "channel.ChannelEvent$HtlcCommand",
          AGENT + "channel.ChannelNotice$HtlcReceived");

  @Test
  void theRulesOfASessionKnowNoLedger() {
    classes()
        .that()
        .resideInAnyPackage(
            AGENT + "session.pile..", AGENT + "session.driver..", AGENT + "session.notary..")
        .should(
            not(
                "know which ledger pays",
                origin ->
                    origin.getDirectDependenciesFromSelf().stream()
                        .filter(
                            use ->
                                packageOf(use).startsWith(AGENT + "channel")
                                    || packageOf(use).startsWith(AGENT + "voucher"))
                        .filter(use -> !HANDED_ON.contains(use.getTargetClass().getName()))
                        .map(Dependency::getDescription)))
        .check(CODE);
  }

  @Test
  void hardwareKnowsNoAgent() {
    noClasses()
        .that()
        .resideInAPackage("chargepile.hal..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("chargepile.agent..")
        .check(CODE);
  }

  @Test
  void everyPackageIsNullMarked() {
    assertEquals(
        Set.of(),
        packagesThat(home -> !isNullMarked(home)),
        "packages without a @NullMarked package-info.java");
  }

  @ParameterizedTest(name = "{0} may import {1}: {2}")
  @CsvSource({
    "units, units, true",
    "channel, units, true",
    "channel, crypto, true",
    "channel.tx, channel.wire, true",
    "cli, runtime, true",
    "units, crypto, false",
    "crypto, energy, false",
    "channel, session, false",
    "channel.tx, chain.embedded, false",
    "store, mqtt, false",
  })
  void floorsDecideWhoMayImportWhom(String from, String to, boolean allowed) {
    assertEquals(allowed, mayImport(AGENT + from, AGENT + to));
  }

  /** The floor of a package, {@link #NO_FLOOR} for what is not in the table. */
  static int floorOf(String packageName) {
    return packageName.startsWith(AGENT)
        ? FLOORS.getOrDefault(household(packageName), NO_FLOOR)
        : NO_FLOOR;
  }

  /** A condition that each line of {@code offences} about a class breaks. */
  static ArchCondition<JavaClass> not(
      String offence, Function<JavaClass, Stream<String>> offences) {
    return new ArchCondition<>("not " + offence) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        offences
            .apply(type)
            .distinct()
            .forEach(line -> events.add(SimpleConditionEvent.violated(type, line)));
      }
    };
  }

  private static boolean mayImport(String from, String to) {
    return household(from).equals(household(to)) || floorOf(to) < floorOf(from);
  }

  /** The name directly below {@code chargepile.agent}: a package and its sub-packages are one. */
  private static String household(String packageName) {
    return packageName.substring(AGENT.length()).replaceFirst("\\..*", "");
  }

  private static String packageOf(JavaClass type) {
    return type.getPackageName();
  }

  private static String packageOf(Dependency use) {
    return use.getTargetClass().getPackageName();
  }

  private static Set<String> packagesThat(Predicate<JavaPackage> holds) {
    return CODE.stream()
        .map(JavaClass::getPackage)
        .filter(holds)
        .map(JavaPackage::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isNullMarked(JavaPackage home) {
    return home.tryGetPackageInfo()
        .map(info -> info.isAnnotatedWith(NullMarked.class))
        .orElse(false);
  }
}
