/**
 * One class a command. {@link io.strata.cli.command.CommandTree} puts them together.
 *
 * <p>A command parses and checks what it was given, calls the module that does the work, and prints
 * what came of it. Whatever fails is an exception; {@link io.strata.cli.command.ErrorLine} makes
 * one line and an exit status of it.
 */
@NullMarked
package io.strata.cli.command;

import org.jspecify.annotations.NullMarked;
