package io.contractbuilder.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.contractbuilder.contract.ContractId;
import io.contractbuilder.contract.CronExpression;
import io.contractbuilder.contract.ExecutionOrder;
import io.contractbuilder.contract.Schedule;
import io.contractbuilder.contract.TransactionType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link Scheduler} does. */
public abstract class SchedulerConformance {
  private static final TransactionType TYPE = new TransactionType("currency");
  private static final ContractId ONE = new ContractId("8f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");
  private static final ContractId OTHER = new ContractId("9f5f1a3c-0a4e-4a55-9f0b-6c0f9a1a2b3c");

  /** One in which nothing runs; the same one within a test. */
  protected abstract Scheduler scheduler();

  /** Every running schedule's document, by contract id. */
  protected abstract List<String> running();

  @Test
  void schedulesByAnInterval() {
    scheduler().schedule(contract(ONE, new Schedule.Every(30), ExecutionOrder.SERIAL));

    assertThat(running())
        .containsExactly(
            "{\"contract_id\":\""
                + ONE
                + "\",\"txn_type\":\"currency\",\"execution_order\":\"serial\",\"cron\":null,\"seconds\":30}");
  }

  @Test
  void schedulesByCron() {
    scheduler().schedule(contract(ONE, cron("*/5 * * * mon"), ExecutionOrder.PARALLEL));

    assertThat(running())
        .containsExactly(
            "{\"contract_id\":\""
                + ONE
                + "\",\"txn_type\":\"currency\",\"execution_order\":\"parallel\",\"cron\":\"*/5 * * * mon\",\"seconds\":null}");
  }

  @Test
  void aNewScheduleTakesTheOldOnesPlace() {
    scheduler().schedule(contract(ONE, new Schedule.Every(30), ExecutionOrder.SERIAL));
    scheduler().schedule(contract(ONE, new Schedule.Every(30), ExecutionOrder.SERIAL));
    scheduler().schedule(contract(ONE, cron("0 0 * * *"), ExecutionOrder.SERIAL));

    assertThat(running()).singleElement().asString().contains("0 0 * * *").contains(":null}");
  }

  @Test
  void unschedulesOnceAndLeavesOthers() {
    scheduler().schedule(contract(ONE, new Schedule.Every(30), ExecutionOrder.SERIAL));
    scheduler().schedule(contract(OTHER, new Schedule.Every(20), ExecutionOrder.SERIAL));

    assertThat(scheduler().unschedule(ONE, TYPE, ExecutionOrder.SERIAL)).isTrue();
    assertThat(scheduler().unschedule(ONE, TYPE, ExecutionOrder.SERIAL)).isFalse();
    assertThat(running()).singleElement().asString().contains(OTHER.value());
  }

  @Test
  void whatItHoldsCanBeReadAgain() {
    var contract = contract(ONE, new Schedule.Every(30), ExecutionOrder.PARALLEL);
    scheduler().schedule(contract);

    assertThat(running())
        .map(
            document ->
                ScheduleDocument.read(document.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .containsExactly(contract);
  }

  @Test
  void saysWhatItHolds() {
    assertThat(scheduler().schedules()).isEmpty();
    var one = contract(ONE, new Schedule.Every(30), ExecutionOrder.PARALLEL);
    var other = contract(OTHER, cron("0 0 * * *"), ExecutionOrder.SERIAL);
    scheduler().schedule(contract(ONE, new Schedule.Every(20), ExecutionOrder.SERIAL));
    scheduler().schedule(one);
    scheduler().schedule(other);

    var both =
        List.of(new RunningSchedule(ONE.value(), one), new RunningSchedule(OTHER.value(), other));
    assertThat(scheduler().schedules()).isEqualTo(both);
    assertThat(running()).hasSize(2);
    assertThat(scheduler().schedules()).isEqualTo(both);
    scheduler().unschedule(ONE, TYPE, ExecutionOrder.SERIAL);
    assertThat(scheduler().schedules()).isEqualTo(both.subList(1, 2));
  }

  private static Schedule cron(String text) {
    return new Schedule.Cron(CronExpression.parse(text));
  }

  private static ScheduledContract contract(
      ContractId id, Schedule schedule, ExecutionOrder order) {
    return new ScheduledContract(id, TYPE, order, schedule);
  }
}
