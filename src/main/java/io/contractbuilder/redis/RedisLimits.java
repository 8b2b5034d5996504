package io.contractbuilder.redis;

import java.time.Duration;

/**
 * How long a Redis is waited for.
 *
 * @param connect for a connection
 * @param answer for the answer to one command
 * @param tries how long new tries are begun
 * @param firstPause before the second try; doubled up to half a second
 */
record RedisLimits(Duration connect, Duration answer, Duration tries, Duration firstPause) {
  static final RedisLimits USUAL =
      new RedisLimits(
          Duration.ofSeconds(3),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofMillis(20));

  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  static Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
