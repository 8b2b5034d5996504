/** What is deployed on the local platform: functions, secrets, logs, schedules. */
@NullMarked
package io.contractbuilder.local.functions;

import org.jspecify.annotations.NullMarked;
