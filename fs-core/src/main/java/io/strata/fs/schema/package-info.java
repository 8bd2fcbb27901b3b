/**
 * What a volume's tree holds: keys, records and the mutations that change them, with their codecs
 * (docs/format.md). Shared with fsck; no semantics here.
 */
@NullMarked
package io.strata.fs.schema;

import org.jspecify.annotations.NullMarked;
