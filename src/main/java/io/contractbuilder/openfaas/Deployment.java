package io.contractbuilder.openfaas;

import java.util.Set;

/**
 * A function that a gateway has taken and that may not serve yet.
 *
 * @param spec what was sent, after what the provider made necessary
 * @param earlierInstances replicas of the version before, as far as the logs named them
 * @param warnings what was changed for this provider, for people
 */
public record Deployment(
    FunctionSpec spec, Set<String> earlierInstances, java.util.List<String> warnings) {}
