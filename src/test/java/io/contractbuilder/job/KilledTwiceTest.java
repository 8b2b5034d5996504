package io.contractbuilder.job;

/** On parts in memory, where a question counts as well. */
class KilledTwiceTest extends KilledJobs {
  @Override
  Trial parts() {
    return new World();
  }

  @Override
  int most() {
    return LONG ? ALL : 150;
  }
}
