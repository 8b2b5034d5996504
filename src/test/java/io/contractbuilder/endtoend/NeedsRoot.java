package io.contractbuilder.endtoend;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A test that becomes another user, or gives files to one, which root alone can do. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
    named = "user.name",
    matches = "root",
    disabledReason = "only root can give files to another user, or become one")
@interface NeedsRoot {}
