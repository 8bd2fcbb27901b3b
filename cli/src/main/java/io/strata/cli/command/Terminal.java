package io.strata.cli.command;

import java.io.PrintWriter;
import java.util.Map;

/**
 * What a command gets from the process that runs it.
 *
 * @param out for what was asked for
 * @param err for what went wrong, and for progress
 * @param variables the environment
 */
record Terminal(PrintWriter out, PrintWriter err, Map<String, String> variables) {}
