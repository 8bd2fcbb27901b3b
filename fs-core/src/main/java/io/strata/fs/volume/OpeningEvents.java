package io.strata.fs.volume;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is told to one who waits until a volume is open. Called on the thread that opens it. */
public interface OpeningEvents {
  /** Says it in the log. */
  OpeningEvents LOGGED =
      new OpeningEvents() {
        private static final Logger LOG = LoggerFactory.getLogger(OpeningEvents.class);

        @Override
        public void watching(String owner, Duration time) {
          LOG.info("watching for {} ms whether {} is alive", time.toMillis(), owner);
        }

        @Override
        public void standingBy(Standing standing) {
          LOG.info("standing by: {}", standing);
        }

        @Override
        public void takingOver(String why) {
          LOG.info("taking over: {}", why);
        }
      };

  /** The volume's last owner may be gone; whether it is will be known after this time. */
  void watching(String owner, Duration time);

  /** The volume has an owner, and its end is waited for. Called again when something changes. */
  void standingBy(Standing standing);

  /** The wait is over. */
  void takingOver(String why);

  /**
   * Whose end is waited for.
   *
   * @param owner as a person would write it
   * @param epoch its reign
   * @param heard whether it has promised to be heard, so that its silence means that it is gone
   */
  record Standing(String owner, long epoch, boolean heard) {
    @Override
    public String toString() {
      return heard
          ? "%s has the volume (epoch %d) and is heard".formatted(owner, epoch)
          : "%s has the volume (epoch %d) and has not said yet that it will be heard: if it dies"
                  .formatted(owner, epoch)
              + " before, use --take-over";
    }
  }
}
