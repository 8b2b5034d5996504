package io.contractbuilder.openfaas;

import java.util.Map;

/**
 * A function as a gateway lists it.
 *
 * @param image as deployed
 */
public record ListedFunction(String name, String image, Map<String, String> labels) {}
