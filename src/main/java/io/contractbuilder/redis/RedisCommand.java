package io.contractbuilder.redis;

import java.nio.charset.StandardCharsets;
import redis.clients.jedis.commands.ProtocolCommand;

/**
 * Every command that is ever sent: those that Redis 6.0 has and RediSearch 1.x. Each must be safe
 * to send twice, because it is sent again when a connection broke before its answer. So none of
 * them pushes, pops or counts; scripts do, and remember what they did.
 */
public enum RedisCommand implements ProtocolCommand {
  AUTH,
  DEL,
  EVAL,
  EXISTS,
  GET,
  HDEL,
  HGETALL,
  INFO,
  LRANGE,
  MODULE,
  PING,
  SET,
  TYPE,
  FT_ADD("FT.ADD"),
  FT_CREATE("FT.CREATE"),
  FT_DEL("FT.DEL"),
  FT_DROP("FT.DROP"),
  FT_GET("FT.GET"),
  FT_INFO("FT.INFO"),
  FT_SEARCH("FT.SEARCH");

  private final String wire;

  RedisCommand() {
    this.wire = name();
  }

  RedisCommand(String wire) {
    this.wire = wire;
  }

  @Override
  public byte[] getRaw() {
    return wire.getBytes(StandardCharsets.US_ASCII);
  }

  /** As Redis knows it. */
  @Override
  public String toString() {
    return wire;
  }
}
