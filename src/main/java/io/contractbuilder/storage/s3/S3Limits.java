package io.contractbuilder.storage.s3;

import java.time.Duration;

/**
 * How long an S3 is waited for.
 *
 * @param connect for a connection
 * @param answer for more of an answer
 * @param call for everything about one call, new tries and pauses included
 * @param tries how often a call is tried
 * @param firstPause before the second try, about; doubled each time
 */
record S3Limits(Duration connect, Duration answer, Duration call, int tries, Duration firstPause) {
  static final S3Limits USUAL =
      new S3Limits(
          Duration.ofSeconds(3),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          6,
          Duration.ofMillis(200));
}
