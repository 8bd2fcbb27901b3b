/**
 * A front-end of our own: the virtual machine monitor and the guest's driver in one Java process, to
 * test and to measure a vhost-user back end without an emulated processor in between.
 *
 * <p>Start at {@link io.strata.tests.vmm.Guest}. From the bottom: {@link
 * io.strata.tests.vmm.GuestRam} (memory that the back end maps), {@link
 * io.strata.tests.vmm.DriverRing} (a virtqueue from the driver's side, split or packed), {@link
 * io.strata.tests.vmm.FrontEnd} (the socket: features, memory, rings), {@link
 * io.strata.tests.vmm.GuestQueue} (requests in flight), {@link io.strata.tests.vmm.FuseRequest} and
 * {@link io.strata.tests.vmm.FuseAnswer} (what goes through). It shares no codec with the back end
 * that it tests, so that an error in one is not made up for by the same error in the other, and every
 * layer can be made to do wrong.
 */
@NullMarked
package io.strata.tests.vmm;

import org.jspecify.annotations.NullMarked;
