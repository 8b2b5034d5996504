package io.contractbuilder.image;

/**
 * A platform that is asked for: {@code linux/arm64}, or {@code linux/arm/v7}.
 *
 * @param name without the variant that the architecture has anyway
 */
public record ImagePlatform(String name) {
  private static final String FORM = "linux/[a-z0-9]{1,20}(?:/[a-z0-9]{1,20})?";

  /**
   * Checks it.
   *
   * @throws IllegalArgumentException if it is malformed, or not Linux
   */
  public ImagePlatform {
    if (!name.matches(FORM)) {
      throw new IllegalArgumentException("linux/<architecture>[/<variant>]");
    }
    name = normal(name);
  }

  /** As containerd and Docker compare them (its package platforms). */
  private static String normal(String name) {
    return name.equals("linux/arm64/v8") ? "linux/arm64" : name;
  }

  /**
   * Whether an image is for it.
   *
   * @param other {@code os/architecture[/variant]}
   */
  public boolean includes(String other) {
    String its = normal(other);
    return its.equals(name) || its.startsWith(name + "/");
  }

  @Override
  public String toString() {
    return name;
  }
}
