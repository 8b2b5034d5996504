package io.contractbuilder.cli;

import java.io.InputStream;
import java.util.Map;

/** What every command has. */
record Context(Program program, Console console, InputStream in, Map<String, String> environment) {}
