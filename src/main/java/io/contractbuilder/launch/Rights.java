package io.contractbuilder.launch;

import java.util.List;

/**
 * What a processor's Role has to allow, and no more.
 *
 * @param group of the API; empty: the core
 */
record Rights(String group, String resource, String verb) {
  /** All, as docs/kubernetes.md and the chart list them. */
  static final List<Rights> NEEDED =
      List.of(
          new Rights("batch", "jobs", "get"),
          new Rights("batch", "jobs", "create"),
          new Rights("batch", "jobs", "delete"),
          new Rights("", "secrets", "create"),
          new Rights("", "pods", "list"),
          new Rights("", "events", "list"));

  @Override
  public String toString() {
    return verb + " " + resource;
  }
}
