package io.strata.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.strata.btree.PageAddress;

/** The rules of the architecture that a compiler does not know. */
@AnalyzeClasses(packages = "io.strata", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule modulesDependInOneDirection =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("object-store")
          .definedBy("io.strata.store..", "io.strata.platform..")
          .layer("segment-log")
          .definedBy("io.strata.segment..")
          .layer("btree")
          .definedBy("io.strata.btree..")
          .layer("replay")
          .definedBy("io.strata.replay..")
          .layer("checkpoint")
          .definedBy("io.strata.checkpoint..")
          .layer("fs-core")
          .definedBy("io.strata.fs..")
          .layer("fuse")
          .definedBy("io.strata.fuse..")
          .layer("vhost")
          .definedBy("io.strata.vhost..")
          .layer("fsck")
          .definedBy("io.strata.fsck..")
          .layer("cli")
          .definedBy("io.strata.cli..")
          .whereLayer("object-store")
          .mayNotAccessAnyLayer()
          .whereLayer("btree")
          .mayNotAccessAnyLayer()
          .whereLayer("segment-log")
          .mayOnlyAccessLayers("object-store")
          .whereLayer("replay")
          .mayOnlyAccessLayers("object-store")
          .whereLayer("checkpoint")
          .mayOnlyAccessLayers("object-store", "btree", "replay")
          .whereLayer("fs-core")
          .mayOnlyAccessLayers("object-store", "segment-log", "btree", "replay", "checkpoint")
          .whereLayer("fuse")
          .mayOnlyAccessLayers("object-store", "fs-core")
          .whereLayer("vhost")
          .mayOnlyAccessLayers("object-store", "fs-core", "fuse")
          .whereLayer("fsck")
          .mayOnlyAccessLayers(
              "object-store", "segment-log", "btree", "replay", "checkpoint", "fs-core");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.strata.(**)").should().beFreeOfCycles();

  /** A repair takes the volume, and must do that as every owner does. */
  @ArchTest
  static final ArchRule checkerSharesCodecsOnly =
      noClasses()
          .that()
          .resideInAPackage("io.strata.fsck..")
          .and()
          .resideOutsideOfPackage("io.strata.fsck.repair..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "io.strata.fs..",
                      "io.strata.segment..",
                      "io.strata.replay..",
                      "io.strata.checkpoint..",
                      "io.strata.btree..")
                  .and(not(resideInAnyPackage("io.strata..format..", "io.strata.fs.schema..")))
                  // An address is a value that every format holds.
                  .and(not(equivalentTo(PageAddress.class))));

  @ArchTest
  static final ArchRule nativeCallsHaveOneDoor =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.strata.fuse.linux..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.foreign.Linker");

  @ArchTest
  static final ArchRule amazonStaysInItsPackage =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.strata.store.s3..")
          .should()
          .dependOnClassesThat(resideInAPackage("software.amazon.."));

  @ArchTest
  static final ArchRule timeAndChanceComeFromOutside =
      noClasses()
          .that(
              resideInAnyPackage(
                  "io.strata.store",
                  "io.strata.segment..",
                  "io.strata.btree..",
                  "io.strata.replay..",
                  "io.strata.checkpoint..",
                  "io.strata.fs.."))
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "startVirtualThread", Runnable.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom");
}
