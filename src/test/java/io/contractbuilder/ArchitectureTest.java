package io.contractbuilder;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which room may know which: app → cli, local, adapters → job → ports, image → contract. */
class ArchitectureTest {
  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.contractbuilder");

  /** Rooms and sub-packages that reach a part, each by its own technology. */
  private static final List<String> ADAPTERS =
      List.of(
          "registry",
          "local",
          "storage.disk",
          "storage.redis",
          "storage.s3",
          "ledger.file",
          "ledger.http",
          "ledger.redis",
          "scheduler.file",
          "scheduler.redis",
          "index.redisearch",
          "launch",
          "queue.redis",
          "tracing");

  private static String room(String name) {
    return "io.contractbuilder." + name + "..";
  }

  private static String[] rooms(Stream<String> names) {
    return names.map(ArchitectureTest::room).toArray(String[]::new);
  }

  @Test
  void roomsHaveNoCircles() {
    slices().matching("io.contractbuilder.(*)..").should().beFreeOfCycles().check(PROGRAM);
  }

  @Test
  void theContractRoomKnowsNoOtherButJson() {
    classes()
        .that()
        .resideInAPackage(room("contract"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            room("contract"), room("json"), "java..", "com.fasterxml.jackson..", "org.jspecify..")
        .check(PROGRAM);
  }

  @Test
  void theContractRoomDoesNoInputOrOutput() {
    noClasses()
        .that()
        .resideInAPackage(room("contract"))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .orShould()
        // Reading the text of an address is no input or output.
        .dependOnClassesThat(
            resideInAPackage("java.net..").and(not(assignableTo(InetAddress.class))))
        .check(PROGRAM);
  }

  @Test
  void theImageRoomKnowsNoNetwork() {
    noClasses()
        .that()
        .resideInAPackage(room("image"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "org.apache.hc..", room("registry"))
        .check(PROGRAM);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "doctor",
        "job",
        "contract",
        "crypto",
        "image",
        "json",
        "keys",
        "index",
        "processor"
      })
  void roomsWithinKnowPortsOnly(String name) {
    noClasses()
        .that()
        .resideInAPackage(room(name))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            rooms(Stream.concat(ADAPTERS.stream(), Stream.of("cli", "app", "settings"))))
        .check(PROGRAM);
  }

  @Test
  void theDoctorKnowsPortsAndDocumentsOnly() {
    classes()
        .that()
        .resideInAPackage(room("doctor"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            room("doctor"),
            room("job"),
            room("contract"),
            room("image"),
            room("openfaas"),
            room("keys"),
            room("ledger"),
            room("scheduler"),
            room("storage"),
            room("index"),
            "java..",
            "org.jspecify..")
        .check(PROGRAM);
  }

  @Test
  void onlyCommandsAndTheAppKnowTheDoctor() {
    noClasses()
        .that()
        .resideOutsideOfPackages(room("doctor"), room("cli"), room("app"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(room("doctor"))
        .check(PROGRAM);
  }

  @ParameterizedTest
  @FieldSource("ADAPTERS")
  void adaptersDoNotKnowEachOther(String name) {
    noClasses()
        .that()
        .resideInAPackage(room(name))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(rooms(ADAPTERS.stream().filter(other -> !other.equals(name))))
        .allowEmptyShould(true)
        .check(PROGRAM);
  }

  @Test
  void onlyTheAppNamesAdapters() {
    noClasses()
        .that()
        .resideOutsideOfPackages(rooms(Stream.concat(ADAPTERS.stream(), Stream.of("app"))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(rooms(ADAPTERS.stream()))
        .check(PROGRAM);
  }

  @Test
  void onlyTheAdaptersOnItKnowRedis() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            rooms(
                Stream.of(
                    "redis",
                    "ledger.redis",
                    "scheduler.redis",
                    "storage.redis",
                    "index.redisearch",
                    "queue.redis",
                    "app")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(room("redis"))
        .check(PROGRAM);
  }

  @Test
  void onlyItsRoomKnowsTheClientOfRedis() {
    noClasses()
        .that()
        .resideOutsideOfPackage(room("redis"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("redis.clients..")
        .check(PROGRAM);
  }

  @Test
  void onlyItsRoomKnowsTheClientOfKubernetes() {
    noClasses()
        .that()
        .resideOutsideOfPackage(room("launch"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8..")
        .check(PROGRAM);
  }

  @Test
  void onlyTheAppKnowsTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackages(room("cli"), room("app"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(room("cli"), room("app"), "picocli..")
        .check(PROGRAM);
  }
}
