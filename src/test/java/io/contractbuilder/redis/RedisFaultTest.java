package io.contractbuilder.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.exceptions.JedisDataException;

class RedisFaultTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          LOADING Redis is loading the dataset in memory | SOON
          READONLY You can't write against a read only replica | SOON
          BUSY Redis is busy running a script | SOON
          MASTERDOWN Link with MASTER is down | SOON
          ERR max number of clients reached | SOON
          OOM command not allowed when used memory > 'maxmemory' | LATER
          MISCONF Redis is configured to save RDB snapshots | LATER
          NOREPLICAS Not enough good replicas to write | LATER
          NOAUTH Authentication required | NEVER
          WRONGPASS invalid username-password pair | NEVER
          NOPERM this user has no permissions | NEVER
          WRONGTYPE Operation against a key holding the wrong kind of value | NEVER
          MOVED 3999 127.0.0.1:6381 | NEVER
          ERR syntax error | NEVER
          """)
  void whatRedisSaysTellsWhetherToTryAgain(String answer, RedisFault.Next next) {
    RedisFault fault = RedisFault.of(new JedisDataException(answer));

    assertThat(fault.answer()).isEqualTo(answer);
    assertThat(fault.next()).isEqualTo(next);
  }

  @Test
  void whatAScriptIsRefusedWithIsFoundInTheWordsOfRedis6() {
    RedisFault fault =
        RedisFault.of(
            new JedisDataException(
                "ERR Error running script (call to f_0123456789abcdef): @user_script:2:"
                    + " @user_script: 2: -READONLY You can't write against a read only replica. "));

    assertThat(fault.answer()).isEqualTo("READONLY You can't write against a read only replica");
    assertThat(fault.next()).isEqualTo(RedisFault.Next.SOON);
  }

  @Test
  void argumentsThatRedisQuotesAreNotPassedOn() {
    RedisFault fault =
        RedisFault.of(
            new JedisDataException(
                "ERR unknown command 'AUTH', with args beginning with: 'sesame' 'open' "));

    assertThat(fault.answer()).isEqualTo("ERR unknown command 'AUTH'");
  }

  @Test
  void anAnswerIsOneLineOfALinesLength() {
    RedisFault fault =
        RedisFault.of(new JedisDataException("ERR a\r\nb\u001b[1m" + "x".repeat(999)));

    assertThat(fault.answer()).startsWith("ERR a b [1mx").hasSize(301).doesNotContain("\u001b");
  }
}
