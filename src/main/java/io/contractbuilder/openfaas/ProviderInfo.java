package io.contractbuilder.openfaas;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who does the work behind a gateway ({@code GET /system/info}).
 *
 * @param provider {@code faasd}, {@code faas-netes}, {@code faas-netes-ce}, {@code
 *     contract-builder}
 * @param orchestration {@code containerd}, {@code kubernetes}, {@code containers}
 * @param release the provider's release; may be empty
 */
public record ProviderInfo(String provider, String orchestration, String release) {
  private static final Pattern RELEASE =
      Pattern.compile("v?(?<major>[0-9]{1,4})\\.(?<minor>[0-9]{1,4})\\.(?<patch>[0-9]{1,4})");

  /** Whether this is OpenFaaS's Community Edition on Kubernetes, with its limits. */
  public boolean isCommunityEdition() {
    return provider.equals("faas-netes-ce");
  }

  /**
   * Whether an image is taken only if everybody can read it: the Community Edition from its release
   * 0.18.0 on ({@code isAnonymous} in its source). One without a release ({@code dev}) does not
   * say.
   */
  public boolean takesPublicImagesOnly() {
    return isCommunityEdition() && isFrom(0, 18, 0);
  }

  /**
   * How many functions the Community Edition takes: 15 from its release 0.17.5 on at the latest
   * (its source), 30 as captured of an earlier one.
   */
  int mostFunctions() {
    return isFrom(0, 17, 5) ? 15 : 30;
  }

  private boolean isFrom(int major, int minor, int patch) {
    Matcher version = RELEASE.matcher(release);
    return version.lookingAt()
        && Arrays.compare(
                Stream.of("major", "minor", "patch")
                    .mapToInt(part -> Integer.parseInt(version.group(part)))
                    .toArray(),
                new int[] {major, minor, patch})
            >= 0;
  }

  /**
   * Whether a function is changed by a rolling update, the old one serving until the new one is
   * ready.
   */
  public boolean rollsOver() {
    return orchestration.equals("kubernetes");
  }

  /** Whether an update that fails leaves the function deleted or broken. */
  public boolean breaksOnFailedUpdate() {
    return provider.equals("faasd");
  }

  /** Whether a function that ends is not started again by itself. */
  public boolean startsOnce() {
    return provider.equals("faasd");
  }

  /**
   * Whether the {@code tail} of a log is its oldest lines, of the last five minutes unless another
   * time is given: faasd leaves it to {@code journalctl --since=… --lines=…}.
   */
  public boolean tailsFromTheOldest() {
    return provider.equals("faasd");
  }
}
