package io.contractbuilder.keys;

import io.contractbuilder.contract.Secret;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A contract's API key.
 *
 * @param id {@code SC_} and 12 letters {@code A-Z}
 * @param key 43 characters of {@code A-Za-z0-9}, about 256 bits
 */
public record ApiKey(String id, Secret key, Instant registered) {
  private static final Pattern CONTRACTS = Pattern.compile("SC_[A-Z]{12}");
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String ALPHANUMERIC = LETTERS + "abcdefghijklmnopqrstuvwxyz0123456789";

  /** A new key's id. */
  public static String newId(RandomGenerator random) {
    return "SC_" + characters(random, LETTERS, 12);
  }

  /** Whether an id is one that contracts' keys have. */
  public static boolean isContracts(String id) {
    return CONTRACTS.matcher(id).matches();
  }

  /** A new key; {@code random} must be a {@link java.security.SecureRandom} outside tests. */
  public static ApiKey generate(String id, RandomGenerator random, Instant now) {
    return new ApiKey(id, new Secret(characters(random, ALPHANUMERIC, 43)), now);
  }

  private static String characters(RandomGenerator random, String from, int count) {
    var text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(from.charAt(random.nextInt(from.length())));
    }
    return text.toString();
  }
}
