package io.contractbuilder.openfaas;

/**
 * What a gateway says of a function.
 *
 * @param image as deployed
 * @param replicas wanted
 * @param availableReplicas that could take a call; on faas-netes old ones count too
 */
public record FunctionStatus(String name, String image, int replicas, int availableReplicas) {}
