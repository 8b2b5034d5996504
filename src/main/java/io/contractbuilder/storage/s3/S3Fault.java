package io.contractbuilder.storage.s3;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What went wrong with a call.
 *
 * @param answer what came back
 * @param remedy what to check or change
 * @param passes whether the same may go well later
 */
record S3Fault(String answer, String remedy, boolean passes) {
  private static final int LONGEST_ANSWER = 300;
  private static final String KEYS =
      "Check the keys that AWS clients find (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, a role)";

  /** It said that it took an object, and did not name it. */
  static final S3Fault NO_ETAG = noS3("a yes without the ETag that an S3 gives");

  /** It said that it removed an object, but not with 204 (S3 API, DeleteObject). */
  static final S3Fault NO_DELETION = noS3("a yes that is not an S3's 204");

  /** It said that it removed objects, and did not name each (S3 API, DeleteObjects). */
  static final S3Fault NOT_ALL_DELETED = noS3("a yes that does not name all that was to go");

  /** It lacks what every listing has (S3 API, ListObjectsV2). */
  static final S3Fault NO_LISTING = noS3("a yes that is no listing of a bucket");

  /** What stands before an S3 may answer in its place. */
  private static S3Fault noS3(String answer) {
    return new S3Fault(
        answer,
        "Check that CONTRACT_BUILDER_S3_ENDPOINT is an S3, and what stands before it",
        true);
  }

  static S3Fault of(SdkException e) {
    return switch (e) {
      case S3Exception refused -> refused(refused);
      case ApiCallTimeoutException late ->
          new S3Fault("timed out", "Check that it is reachable and not overloaded", true);
      case AbortedException interrupted -> new S3Fault("interrupted", "Run it again", true);
      default -> unreachable(e);
    };
  }

  /** A refusal by its code, as of S3 or of one object of many. */
  static S3Fault refused(String code, @Nullable String words, int status) {
    String answer = readable(code + (words == null ? "" : ": " + words));
    return switch (code) {
      case "NoSuchBucket" ->
          new S3Fault(answer, "Make the bucket, or name the right one (STORAGE_LOCATION)", false);
      case "AccessDenied", "AllAccessDisabled", "AccountProblem" ->
          new S3Fault(
              answer,
              "Allow these keys or this role s3:GetObject, s3:PutObject, s3:DeleteObject and"
                  + " s3:ListBucket on the bucket",
              false);
      case "SignatureDoesNotMatch", "InvalidAccessKeyId", "InvalidToken", "InvalidSecurity" ->
          new S3Fault(answer, KEYS, false);
      case "ExpiredToken", "TokenRefreshRequired" ->
          new S3Fault(answer, "The keys are no longer good: renew them", true);
      case "RequestTimeTooSkewed" ->
          new S3Fault(answer, "Set this machine's clock, or the S3's", true);
      case "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          new S3Fault(answer, "Name the bucket's region (AWS_REGION)", false);
      default -> byStatus(answer, status);
    };
  }

  private static S3Fault refused(S3Exception e) {
    var details = e.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    String status = "HTTP " + e.statusCode();
    return refused(
        code == null || code.isBlank() ? status : code,
        details == null ? null : details.errorMessage(),
        e.statusCode());
  }

  private static S3Fault byStatus(String answer, int status) {
    if (status >= 500 || status == 429 || status == 408) {
      return new S3Fault(answer, "It is overloaded or broken: see its own log", true);
    }
    if (status == 401 || status == 403) {
      return new S3Fault(answer, KEYS, false);
    }
    if (status >= 300 && status < 400) {
      return new S3Fault(answer, "Name the bucket's region (AWS_REGION)", false);
    }
    return new S3Fault(
        answer, "Check that it is an S3 (CONTRACT_BUILDER_S3_ENDPOINT) and its log", false);
  }

  private static S3Fault unreachable(SdkException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      S3Fault fault =
          switch (cause) {
            case UnknownHostException unknown ->
                new S3Fault("its host is not known", "Check the name and the name server", true);
            case ConnectException refused ->
                new S3Fault(
                    "no connection (" + readable(refused.getMessage()) + ")",
                    "Check that it is up, and CONTRACT_BUILDER_S3_ENDPOINT",
                    true);
            case SocketTimeoutException late ->
                new S3Fault("timed out", "Check that it is reachable and not overloaded", true);
            case SSLException tls ->
                new S3Fault(
                    "TLS failed (" + readable(tls.getMessage()) + ")",
                    "Check that its certificate is of an authority that Java trusts and names it",
                    false);
            default -> null;
          };
      if (fault != null) {
        return fault;
      }
    }
    return unknown(e);
  }

  private static S3Fault unknown(SdkException e) {
    String words = readable(e.getMessage());
    if (words.contains("credentials")) {
      // The rest lists every place that was looked at, over many lines.
      return new S3Fault("no keys were found for it", KEYS, false);
    }
    if (words.contains("region")) {
      return new S3Fault("no region is known for it", "Set AWS_REGION", false);
    }
    return new S3Fault(
        "no answer (" + words + ")", "Check that it is up and speaks S3 there", true);
  }

  /** On one line, no longer than a line. */
  private static String readable(@Nullable String message) {
    String text = String.valueOf(message).replaceAll("\\p{Cntrl}+", " ").strip();
    // The client says how often it tried, and ids that only it knows.
    int ids = text.indexOf(" (Service: ");
    text = ids >= 0 ? text.substring(0, ids) : text;
    int tries = text.indexOf(" (SDK Attempt");
    text = tries >= 0 ? text.substring(0, tries) : text;
    text = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return text.length() > LONGEST_ANSWER ? text.substring(0, LONGEST_ANSWER) + "…" : text;
  }
}
