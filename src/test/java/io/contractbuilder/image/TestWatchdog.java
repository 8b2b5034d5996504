package io.contractbuilder.image;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** A watchdog whose binaries are a word; {@link #BOTH} is for both architectures. */
public record TestWatchdog(Set<String> architectures) implements Watchdog {
  public static final TestWatchdog BOTH = new TestWatchdog(Set.of("amd64", "arm64"));

  @Override
  public String name() {
    return "test";
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public boolean carriesAnyArgument() {
    return true;
  }

  @Override
  public byte[] binary(String architecture) {
    return ("#!/bin/sh\n# " + architecture + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
