package io.contractbuilder.contract;

/**
 * One thing that is wrong with an input.
 *
 * @param path where, as a JSON path ({@code $.args[2]}) or the name of a flag or setting
 * @param found what stands there, quoted; never a secret's value
 * @param allowed what may stand there
 */
public record Violation(String path, String found, String allowed) {
  @Override
  public String toString() {
    return path + ": found " + found + "; allowed: " + allowed;
  }
}
