package io.contractbuilder.endtoend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a name for what is different each time and has the shape that the chain's formats give it.
 * What has another shape stays, and is seen.
 */
public final class Canonical {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}(?![0-9a-f])");

  /** Without a fraction where it is zero. The webserver's own times are of 2020. */
  private static final Pattern TIME =
      Pattern.compile(
          "(?!2020)20\\d\\d-[01]\\d-[0-3]\\d [0-2]\\d(:[0-5]\\d){2}(\\.(?!0{6})\\d{6})?");

  private static final Pattern SECONDS =
      Pattern.compile("(?<=\"registration_time\":|\"timestamp\":\")\\d{10}(?!\\d)");
  private static final Pattern KEY = Pattern.compile("\\b[A-Za-z0-9]{43}\\b");
  private static final Pattern KEY_ID = Pattern.compile("\\bSC_[A-Z]{12}\\b");
  private static final Pattern UUID =
      Pattern.compile("\\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\\b");

  private final Map<String, String> known = new LinkedHashMap<>();
  private final List<String> digests = new ArrayList<>();

  /** From now on this text has this name. */
  public void name(String text, String name) {
    known.put(text, name);
  }

  /** The digests that were seen, in their order. */
  List<String> digests() {
    return List.copyOf(digests);
  }

  public String text(String text) {
    String named = text;
    for (var entry : known.entrySet()) {
      named = named.replace(entry.getKey(), entry.getValue());
    }
    named = DIGEST.matcher(named).replaceAll(this::digest);
    named = TIME.matcher(named).replaceAll("<time>");
    named = SECONDS.matcher(named).replaceAll("<seconds>");
    named = KEY_ID.matcher(named).replaceAll("<key id>");
    named = KEY.matcher(named).replaceAll("<key>");
    return UUID.matcher(named).replaceAll("<transaction id>");
  }

  private String digest(MatchResult found) {
    String digest = found.group();
    if (!digests.contains(digest)) {
      digests.add(digest);
    }
    return Matcher.quoteReplacement("<digest " + (digests.indexOf(digest) + 1) + ">");
  }
}
