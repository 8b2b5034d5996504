package io.contractbuilder.settings;

/**
 * What holds for one setting, for people.
 *
 * @param name the variable's; of a secret that lies in a file: what it is
 * @param value empty: nothing holds; a secret that is there is {@code ***}
 * @param origin {@code environment}, {@code default}, or what it follows from
 */
public record EffectiveSetting(String name, String value, String origin) {}
