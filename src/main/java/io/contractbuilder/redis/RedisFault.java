package io.contractbuilder.redis;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * What went wrong with one try.
 *
 * @param answer what came back
 * @param remedy what to check or change
 * @param next what a next try may bring
 */
record RedisFault(String answer, String remedy, Next next) {
  private static final int LONGEST_ANSWER = 300;

  /** Before Redis 7 what a command in a script is refused with stands behind this. */
  private static final Pattern IN_SCRIPT =
      Pattern.compile("^ERR Error running script .*@user_script: ?\\d+: -?");

  enum Next {
    /** The same may go well in a moment. */
    SOON,
    /** The same may go well once somebody did something. */
    LATER,
    /** The same goes wrong again. */
    NEVER
  }

  static RedisFault of(JedisException e) {
    if (e instanceof JedisDataException) {
      return refused(IN_SCRIPT.matcher(readable(e.getMessage())).replaceFirst(""));
    }
    IOException cause = cause(e);
    return cause == null
        ? broken("the connection broke (" + readable(e.getMessage()) + ")")
        : unreachable(cause);
  }

  /** By the code that Redis begins its errors with. */
  private static RedisFault refused(String answer) {
    int space = answer.indexOf(' ');
    return switch (space < 0 ? answer : answer.substring(0, space)) {
      case "LOADING" -> soon(answer, "It reads its data after a start; wait until it has");
      case "READONLY" ->
          soon(answer, "It is a replica; name the primary, or see why there is none");
      case "BUSY" -> soon(answer, "A script keeps it busy; SCRIPT KILL ends that");
      case "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN" ->
          soon(answer, "Its primary is away; see that one is up");
      case "NOAUTH", "WRONGPASS" -> password(answer);
      case "NOPERM" ->
          new RedisFault(answer, "Allow its user this (ACL SETUSER), or use another", Next.NEVER);
      case "OOM" ->
          new RedisFault(answer, "Its memory is full: raise maxmemory or free some", Next.LATER);
      case "MISCONF", "NOREPLICAS" ->
          new RedisFault(answer, "It takes no writes: see its log, disk and replicas", Next.LATER);
      case "MOVED", "ASK" ->
          new RedisFault(answer, "It is a cluster's; name a Redis that is by itself", Next.NEVER);
      case "WRONGTYPE" ->
          new RedisFault(
              answer, "Somebody else keeps something there; name the right Redis", Next.NEVER);
      default -> other(answer);
    };
  }

  private static RedisFault other(String answer) {
    if (answer.startsWith("ERR max number of clients")) {
      return soon(answer, "Raise maxclients, or see who keeps so many connections");
    }
    if (answer.startsWith("ERR AUTH")) {
      return password(answer);
    }
    return new RedisFault(answer, "Check that it is the right Redis, 6.0 or newer", Next.NEVER);
  }

  private static RedisFault password(String answer) {
    return new RedisFault(
        answer,
        "Check CONTRACT_BUILDER_REDIS_USER and CONTRACT_BUILDER_REDIS_PASSWORD_FILE",
        Next.NEVER);
  }

  private static RedisFault unreachable(IOException e) {
    String reason = readable(e.getMessage());
    return switch (e) {
      case UnknownHostException unknown ->
          new RedisFault("its host is not known", "Check the name and the name server", Next.LATER);
      case RedisSockets.AuthorityUnusable unusable -> authority(reason);
      case FileSystemException unreadable ->
          authority("the CA cannot be read (" + e.getClass().getSimpleName() + " " + reason + ")");
      case RedisSockets.HandshakeUnanswered unanswered ->
          soon(reason, "Check CONTRACT_BUILDER_REDIS_TLS, and that it is not overloaded");
      case SSLException cut when cause(cut) instanceof SocketException -> broken(cut(reason));
      case SSLException cut when cause(cut) instanceof EOFException -> broken(cut(reason));
      case SSLException tls ->
          new RedisFault(
              "TLS failed (" + reason + ")",
              "Check CONTRACT_BUILDER_REDIS_TLS, that CONTRACT_BUILDER_REDIS_CA signed its"
                  + " certificate, and that this names its host",
              Next.NEVER);
      case SocketTimeoutException late ->
          soon("timed out (" + reason + ")", "Check that it is reachable and not overloaded");
      case ConnectException refused ->
          soon("no connection (" + reason + ")", "Check that it is up, its name and its port");
      default -> broken(cut(reason));
    };
  }

  private static RedisFault authority(String answer) {
    return new RedisFault(
        answer, "CONTRACT_BUILDER_REDIS_CA has to name a readable PEM file", Next.NEVER);
  }

  private static String cut(String reason) {
    return "the connection broke (" + reason + ")";
  }

  private static RedisFault broken(String answer) {
    return soon(answer, "Check that it is up, and whether it speaks TLS or not");
  }

  private static RedisFault soon(String answer, String remedy) {
    return new RedisFault(answer, remedy, Next.SOON);
  }

  private static @Nullable IOException cause(Throwable e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return io;
      }
    }
    return null;
  }

  /** On one line, no longer than a line, without the arguments that Redis quotes. */
  private static String readable(@Nullable String message) {
    String text = String.valueOf(message).replaceAll("\\p{Cntrl}+", " ").strip();
    int arguments = text.indexOf(", with args beginning with");
    if (arguments >= 0) {
      text = text.substring(0, arguments);
    }
    // Messages go on with a full stop of their own.
    text = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return text.length() > LONGEST_ANSWER ? text.substring(0, LONGEST_ANSWER) + "…" : text;
  }
}
