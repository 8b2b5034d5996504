package io.contractbuilder.endtoend;

/** How a part fails, in whatever it speaks. */
enum FaultKind {
  NOT_THERE("is not there from the start", 0, Integer.MAX_VALUE),
  GOES("goes away", 1, Integer.MAX_VALUE),
  SILENT("says nothing", 1, Integer.MAX_VALUE),
  LOST_ONCE("does it, and its answer is lost", 1, 1),
  LOST("does it, and its answer is lost each time", 1, Integer.MAX_VALUE),
  BUSY_ONCE("is busy once (503, `LOADING`)", 1, 1),
  BUSY("stays busy (503, `LOADING`)", 1, Integer.MAX_VALUE),
  LIMITED("says 429, or `READONLY`, each time", 1, Integer.MAX_VALUE),
  BROKEN("says 500, or `ERR`, each time", 1, Integer.MAX_VALUE),
  GARBAGE("says garbage each time", 1, Integer.MAX_VALUE),
  EMPTY("says 200 and does nothing", 1, Integer.MAX_VALUE);

  final String title;
  final int from;
  final int times;

  FaultKind(String title, int from, int times) {
    this.title = title;
    this.from = from;
    this.times = times;
  }

  /** Whether a call can fail so, where others of the part do not. */
  boolean isOf(FaultyPart part, String call) {
    return switch (this) {
      case NOT_THERE -> false;
      case GOES, SILENT, LOST_ONCE, LOST, BUSY_ONCE, BUSY, LIMITED, BROKEN, GARBAGE -> true;
      case EMPTY -> part == FaultyPart.GATEWAY && !call.startsWith("GET ");
    };
  }

  Fault of(FaultyPart part) {
    boolean redis = part.wire == Wire.REDIS;
    return switch (this) {
      case NOT_THERE, GOES -> new Fault.Away();
      case SILENT -> new Fault.Silent();
      case LOST_ONCE, LOST -> new Fault.AnswerLost();
      case BUSY_ONCE, BUSY ->
          redis
              ? Fault.redis("-LOADING Redis is loading the dataset in memory")
              : Fault.http(503, "busy");
      case LIMITED ->
          redis
              ? Fault.redis("-READONLY You can't write against a read only replica.")
              : Fault.http(429, "slow down");
      case BROKEN ->
          redis ? Fault.redis("-ERR something broke") : Fault.http(500, "something broke");
      case GARBAGE -> redis ? Fault.redis("hello") : Fault.http(200, "<html>hello</html>");
      case EMPTY -> Fault.http(200, "");
    };
  }
}
