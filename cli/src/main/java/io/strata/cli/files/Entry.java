package io.strata.cli.files;

import io.strata.fs.Attributes;

/**
 * A named file.
 *
 * @param name within its directory, read as UTF-8
 * @param attributes what it is
 */
public record Entry(String name, Attributes attributes) {}
