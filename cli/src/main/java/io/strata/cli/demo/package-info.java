/**
 * {@code strata demo}: a volume is filled, its daemon is killed, and what comes back is compared.
 *
 * <p>Start at {@link io.strata.cli.demo.Demo}, the parent. It starts a daemon and a {@link
 * io.strata.cli.demo.DemoWorker worker}, each a process of its own; the worker does the {@link
 * io.strata.cli.demo.Step steps} one after another and then appends to journals until it is
 * stopped, saying what has been acknowledged. Where nothing can be mounted the worker opens the
 * volume itself and is the one that is killed. What must be there afterwards is in the {@link
 * io.strata.cli.demo.Manifest}, which is written from what was read at the source, never from what
 * the volume gave back.
 */
@NullMarked
package io.strata.cli.demo;

import org.jspecify.annotations.NullMarked;
