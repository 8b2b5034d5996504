package io.contractbuilder.storage.s3;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * How an S3 is reached.
 *
 * @param endpoint null for AWS's own
 * @param region null: as AWS clients find it; any where there is an endpoint
 * @param credentials null: as AWS clients find them
 */
record S3Connection(
    @Nullable URI endpoint,
    @Nullable String region,
    @Nullable AwsCredentialsProvider credentials,
    S3Limits limits) {

  /** Signed requests name one, and those who have an S3 of their own seldom do. */
  private static final String REGION_OF_NONE = "us-east-1";

  S3Client open() {
    boolean keysGiven = credentials != null || inEnvironment("AWS_SECRET_ACCESS_KEY");
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(limits.connect())
                    .socketTimeout(limits.answer())
                    .build())
            .credentialsProvider(keysGiven ? known() : DefaultCredentialsProvider.builder().build())
            // These would be looked for in files and in the machine's metadata otherwise.
            .defaultsMode(DefaultsMode.LEGACY)
            .dualstackEnabled(inEnvironment("AWS_USE_DUALSTACK_ENDPOINT"))
            .fipsEnabled(inEnvironment("AWS_USE_FIPS_ENDPOINT"))
            // What not every S3 knows: newer checksums, bodies in signed chunks, "100 Continue".
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .addPlugin(LegacyMd5Plugin.create())
            .serviceConfiguration(
                s3 -> s3.chunkedEncodingEnabled(false).pathStyleAccessEnabled(endpoint != null))
            .overrideConfiguration(
                all -> {
                  all.apiCallTimeout(limits.call())
                      .retryStrategy(retries())
                      .addExecutionInterceptor(new AtOnce());
                  if (keysGiven) {
                    all.defaultProfileFile(ProfileFile.aggregator().build());
                  }
                });
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    if (region != null) {
      builder.region(Region.of(region));
    } else if (endpoint != null) {
      builder.region(Region.of(REGION_OF_NONE));
    }
    return builder.build();
  }

  private AwsCredentialsProvider known() {
    return credentials != null ? credentials : EnvironmentVariableCredentialsProvider.create();
  }

  private static boolean inEnvironment(String name) {
    String value = System.getenv(name);
    return value != null && !value.isBlank() && !value.equalsIgnoreCase("false");
  }

  /** On 5xx, "slow down" and broken connections; the whole call's limit holds for all tries. */
  private StandardRetryStrategy retries() {
    BackoffStrategy pauses =
        BackoffStrategy.exponentialDelayHalfJitter(limits.firstPause(), Duration.ofSeconds(4));
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .maxAttempts(limits.tries())
        .backoffStrategy(pauses)
        .throttlingBackoffStrategy(pauses)
        .build();
  }

  /** Sends bodies without asking first, which costs a round trip and is not known everywhere. */
  private static final class AtOnce implements ExecutionInterceptor {
    @Override
    public SdkHttpRequest modifyHttpRequest(
        Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
      return context.httpRequest().copy(request -> request.removeHeader("Expect"));
    }
  }
}
