package chargepile.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pure floors are given what they need: no I/O, clock, randomness, threads or logging. */
class PurityTest {

  private static final int HIGHEST_PURE_FLOOR = 4;

  /** What pure code must not use: classes, and packages (with a dot at the end). */
  private static final List<String> IMPURE =
      List.of(
          "java.io.",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.System$Logger",
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.lang.foreign.",
          "java.net.",
          "java.nio.channels.",
          "java.nio.file.",
          "java.security.SecureRandom",
          "java.sql.",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.Timer",
          "java.util.concurrent.",
          "java.util.logging.",
          "java.util.random.",
          "javax.net.",
          "javax.sql.",
          "chargepile.hal.",
          "com.pi4j.",
          "org.eclipse.paho.",
          "org.slf4j.",
          "org.sqlite.",
          "org.tinylog.",
          "org.tomlj.",
          "picocli.");

  /** Of these, what is pure all the same: bytes in memory, and units of time. */
  private static final Set<String> PURE =
      Set.of(
          "java.io.ByteArrayInputStream",
          "java.io.ByteArrayOutputStream",
          "java.io.DataInput",
          "java.io.DataInputStream",
          "java.io.DataOutput",
          "java.io.DataOutputStream",
          "java.io.EOFException",
          "java.io.IOException",
          "java.io.InputStream",
          "java.io.OutputStream",
          "java.io.Serializable",
          "java.io.UncheckedIOException",
          "java.util.concurrent.TimeUnit");

  /** Ways to a clock, to chance and to the environment through classes that are otherwise pure. */
  private static final Set<String> IMPURE_METHODS =
      Set.of(
          "java.lang.Math.random",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.exit",
          "java.lang.System.getProperty",
          "java.lang.System.getenv",
          "java.lang.System.load",
          "java.lang.System.loadLibrary",
          "java.lang.System.nanoTime",
          "java.time.InstantSource.system",
          "java.util.UUID.randomUUID");

  @Test
  void pureFloorsTouchNothingOutside() {
    classes()
        .that(
            DescribedPredicate.describe(
                "live on a pure floor",
                type -> ArchitectureTest.floorOf(type.getPackageName()) <= HIGHEST_PURE_FLOOR))
        .should(bePure())
        .check(ArchitectureTest.CODE);
  }

  @ParameterizedTest(name = "{0} is pure: {1}")
  @CsvSource({
    "ReadsTheClock, false",
    "ReadsAFile, false",
    "DrawsRandomness, false",
    "StartsAThread, false",
    "IsGivenTheTime, true",
    "WritesBytesInMemory, true",
  })
  void theRuleKnowsPureCodeFromOther(String sample, boolean pure) throws ClassNotFoundException {
    Class<?> type = Class.forName(PurityTest.class.getName() + "$" + sample);
    JavaClasses imported = new ClassFileImporter().importClasses(type);
    assertEquals(pure, !classes().should(bePure()).evaluate(imported).hasViolation());
  }

  private static ArchCondition<JavaClass> bePure() {
    return ArchitectureTest.not(
        "do I/O, read a clock, draw randomness, start a thread or log",
        origin ->
            Stream.concat(
                origin.getDirectDependenciesFromSelf().stream()
                    .filter(use -> isImpure(use.getTargetClass().getBaseComponentType()))
                    .map(Dependency::getDescription),
                origin.getAccessesFromSelf().stream()
                    .filter(PurityTest::isImpure)
                    .map(JavaAccess::getDescription)));
  }

  private static boolean isImpure(JavaClass type) {
    String name = type.getName();
    return !PURE.contains(name)
        && IMPURE.stream().anyMatch(i -> i.endsWith(".") ? name.startsWith(i) : name.equals(i));
  }

  private static boolean isImpure(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getTarget().getName();
    return IMPURE_METHODS.contains(owner + "." + name)
        || (owner.startsWith("java.time.") && name.equals("now"))
        || (owner.equals("java.time.Clock")
            && (name.startsWith("system") || name.startsWith("tick")));
  }

  @SuppressWarnings("unused") // samples, read as class files
  private static final class ReadsTheClock {
    Instant now() {
      return Instant.now();
    }
  }

  @SuppressWarnings("unused")
  private static final class ReadsAFile {
    String read() throws IOException {
      return Files.readString(Path.of("x"));
    }
  }

  @SuppressWarnings("unused")
  private static final class DrawsRandomness {
    int draw() {
      return new Random(1).nextInt();
    }
  }

  @SuppressWarnings("unused")
  private static final class StartsAThread {
    Thread start(Runnable work) {
      return Thread.ofVirtual().start(work);
    }
  }

  @SuppressWarnings("unused")
  private static final class IsGivenTheTime {
    boolean isOver(InstantSource clock, Instant end) {
      return clock.instant().isAfter(end);
    }
  }

  @SuppressWarnings("unused")
  private static final class WritesBytesInMemory {
    byte[] write(int value) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      new DataOutputStream(bytes).writeInt(value);
      return bytes.toByteArray();
    }
  }
}
