package io.contractbuilder;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which room may know which: app → cli, local, adapters → job → ports, image → contract. */
class ArchitectureTest {
  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.contractbuilder");

  @Test
  void roomsHaveNoCircles() {
    slices().matching("io.contractbuilder.(*)..").should().beFreeOfCycles().check(PROGRAM);
  }

  @Test
  void theContractRoomKnowsNoOtherButJson() {
    classes()
        .that()
        .resideInAPackage("..contract..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.contractbuilder.contract..",
            "io.contractbuilder.json..",
            "java..",
            "com.fasterxml.jackson..",
            "org.jspecify..")
        .check(PROGRAM);
  }

  @Test
  void theImageRoomKnowsNoNetwork() {
    noClasses()
        .that()
        .resideInAPackage("..image..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "org.apache.hc..", "io.contractbuilder.registry..")
        .check(PROGRAM);
  }

  @Test
  void onlyTheAppAndTheLocalPlatformKnowAdapters() {
    noClasses()
        .that()
        .resideInAnyPackage("..job..", "..contract..", "..image..", "..json..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.contractbuilder.registry..",
            "io.contractbuilder.local..",
            "io.contractbuilder.cli..",
            "io.contractbuilder.app..",
            "io.contractbuilder.settings..",
            "org.apache.hc..")
        .check(PROGRAM);
  }

  @Test
  void onlyTheAppKnowsTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..cli..", "..app..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.contractbuilder.cli..", "io.contractbuilder.app..", "picocli..")
        .check(PROGRAM);
  }
}
