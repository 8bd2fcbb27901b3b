package io.strata.tests.guest;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What dies or starts again: the back end, a guest. */
class GuestFailureIT {
  private static final int RECORDS_BEFORE_THE_KILL = 150;

  @Test
  void whatWasAcknowledgedOutlivesTheDaemon() throws Exception {
    try (VolumeLab lab = VolumeLab.open("daemon-killed")) {
      Server server = lab.serve(1);
      Guest guest = lab.boot(GuestSpec.of("crash", server.socket(0)));
      int last = 0;
      while (last < RECORDS_BEFORE_THE_KILL) {
        last = Integer.parseInt(guest.await("signal acknowledged"));
      }
      server.kill();
      guest.kill();

      Server again = lab.serve(1);
      lab.run(
          GuestSpec.of("recovered", again.socket(0)).with("records", String.valueOf(last + 1)));
      lab.stopAndCheck(again);
    }
  }

  @Test
  void guestReboots() throws Exception {
    try (VolumeLab lab = VolumeLab.open("reboot")) {
      Server server = lab.serve(1);
      Guest guest = lab.boot(GuestSpec.of("reboot", server.socket(0)).rebooting());
      guest.await("boot 1");
      guest.await("boot 2");
      guest.await("signal holding");
      guest.reset();
      guest.await("boot 3");
      VolumeLab.assertContent(guest.finish());
      lab.stopAndCheck(server);
    }
  }

  @Test
  void killedGuestLeavesNothingLocked() throws Exception {
    try (VolumeLab lab = VolumeLab.open("guest-killed")) {
      // QEMU never connects again, and nobody here wants to wait for it.
      Server server = lab.serve(2, "--lock-lease=3s");
      Guest survivor = lab.boot(killed(server, "b"));
      survivor.await("booted");
      Guest victim = lab.boot(killed(server, "a"));
      victim.await("signal holding");
      survivor.tell("holding");
      survivor.await("signal kill");
      victim.kill();
      List<String> said = survivor.finish();
      VolumeLab.assertContent(said);
      lab.stopAndCheck(server);
    }
  }

  private static GuestSpec killed(Server server, String role) {
    return GuestSpec.of("killed", server.socket(role.equals("a") ? 0 : 1))
        .named(role)
        .with("role", role);
  }
}
