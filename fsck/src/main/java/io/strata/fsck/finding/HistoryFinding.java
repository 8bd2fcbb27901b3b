package io.strata.fsck.finding;

import io.strata.store.Epoch;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.VolumeId;

/** Findings about heads, checkpoints and the replay log. */
public sealed interface HistoryFinding extends Finding {

  /**
   * The newest head cannot be read; an older one was checked in its place.
   *
   * @param newest number of the head that cannot be read
   * @param used number of the head that was checked
   */
  record OlderHeadUsed(long newest, long used) implements HistoryFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public ObjectKey object() {
      return ObjectNames.head(newest);
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "head-unreadable",
          "head %d cannot be read; head %d was checked in its place".formatted(newest, used),
          "the volume does not open; what follows is about the state of head "
              + used
              + " and the log since",
          "bring the head back from a copy of the bucket",
          "goes on from the older head and the log since, with a head of a later number");
    }
  }

  /**
   * A head does not follow from the one before it.
   *
   * @param number of the head
   * @param problem what does not fit
   * @param newest whether the newest head is one of the two
   */
  record ChainBroken(long number, String problem, boolean newest) implements HistoryFinding {
    @Override
    public Severity severity() {
      return newest ? Severity.ERROR : Severity.WARNING;
    }

    @Override
    public ObjectKey object() {
      return ObjectNames.head(number);
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "head-chain",
          "head %d does not follow from the one before it: %s".formatted(number, problem),
          "one of the two was replaced, or two owners wrote at once on a store that let them",
          "keep a copy of the bucket, and see which checkpoint holds the expected files",
          "puts a head that names its predecessor rightly; the older ones stay as they " + "are");
    }
  }

  /**
   * A volume that this one was cloned from is not where it should be.
   *
   * @param volume which one
   * @param place where it should be
   */
  record AncestorMissing(VolumeId volume, String place) implements HistoryFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public ObjectKey object() {
      return ObjectNames.VOLUME;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "parent-missing",
          "volume %s, whose objects this clone shares, is not at %s".formatted(volume, place),
          "the clone does not open, and what it shares is lost unless that volume is elsewhere",
          "put that volume back where it was",
          "goes on without what was shared: files that had bytes there have holes");
    }
  }

  /**
   * The volume that this one was cloned from does not keep what is shared.
   *
   * @param volume this one
   * @param place where the other one is
   */
  record NotKept(VolumeId volume, String place) implements HistoryFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public ObjectKey object() {
      return ObjectNames.VOLUME;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "clone-not-kept",
          "%s has no snapshot for this clone, %s".formatted(place, volume),
          "the owner of that volume deletes what is shared as soon as he does not need it himself",
          "strata gc --whole this volume at once: it then shares nothing",
          "does nothing about this");
    }
  }

  /**
   * An older checkpoint that should be there to go back to has lost an object.
   *
   * @param number its head's number
   * @param object what is missing
   */
  record CheckpointLost(long number, ObjectKey object) implements HistoryFinding {
    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "checkpoint-lost",
          "checkpoint %d needs object %s, which is missing".formatted(number, object),
          "the volume cannot be taken back to that checkpoint; its present state is not touched",
          "bring the object back from a copy, or do without that checkpoint",
          "nothing");
    }
  }

  /**
   * The volume is in use, or was when its owner crashed.
   *
   * @param number the newest head's number
   * @param owner who wrote it
   */
  record StillOpen(long number, String owner) implements HistoryFinding {
    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public ObjectKey object() {
      return ObjectNames.head(number);
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "volume-open",
          "the volume was not closed by its owner, %s".formatted(owner),
          "it is in use, or its owner crashed; the log was replayed in memory for this check",
          "nothing needs to be done; opening the volume recovers it",
          "replays the log into the repaired tree");
    }
  }

  /**
   * The owner went on while the volume was being checked.
   *
   * @param checked number of the head that was checked
   * @param newest number of the newest head at the end
   */
  record MovedOn(long checked, long newest) implements HistoryFinding {
    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public ObjectKey object() {
      return ObjectNames.head(newest);
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "volume-moved-on",
          "head %d came while head %d was being checked".formatted(newest, checked),
          "the owner went on; what is missing may have been removed by it in the meantime",
          "check again if something was found to be missing",
          "refuses while an owner is at work");
    }
  }

  /**
   * A log entry that was acknowledged is not there, or cannot count.
   *
   * @param object its key
   * @param problem why it does not count
   */
  record EntryLost(ObjectKey object, String problem) implements HistoryFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "log-entry-lost",
          "log entry %s is lost: %s".formatted(object, problem),
          "changes from there on that were acknowledged are lost; the check went on without"
              + " them",
          "bring it back from a copy of the bucket before the volume is opened again",
          "cuts the log there");
    }
  }

  /**
   * A log entry is there and does not fit where it is.
   *
   * @param object its key
   * @param problem what does not fit
   */
  record EntryUnfit(ObjectKey object, String problem) implements HistoryFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "log-entry-unfit",
          "log entry %s does not fit: %s".formatted(object, problem),
          "the log is not replayed from there on",
          "keep a copy of the bucket, and bring the right entry back from another copy",
          "cuts the log there");
    }
  }

  /**
   * Log objects behind the end of the log. A crash leaves a few, and so does who removes an object
   * in front of them; the bucket does not tell which.
   *
   * @param object key of the entry where the log ends
   * @param reason why it ends there
   * @param entries how many objects of the same log lie there and behind
   */
  record Tail(ObjectKey object, String reason, long entries) implements HistoryFinding {
    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "log-tail",
          "the log ends before %s (%s); %d log objects there do not count"
              .formatted(object, reason, entries),
          "after a crash that is normal: they were under way and never acknowledged",
          "nothing, unless somebody has removed objects: then bring those back before the volume"
              + " is opened",
          "cuts the log there, as opening the volume would");
    }
  }

  /**
   * A log object that only older checkpoints need is not there.
   *
   * @param object its key
   * @param checkpoint number of the newest head that needs it
   */
  record PointsLost(ObjectKey object, long checkpoint) implements HistoryFinding {
    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "log-gap",
          "log object %s behind checkpoint %d is missing".formatted(object, checkpoint),
          "the volume cannot be taken back to points in time behind that checkpoint; its present"
              + " state is not touched",
          "nothing needs to be done",
          "nothing");
    }
  }

  /**
   * An object of an epoch that has not begun.
   *
   * @param object its key
   * @param epoch its epoch
   * @param newest the newest head's epoch
   */
  record FromTheFuture(ObjectKey object, Epoch epoch, Epoch newest) implements HistoryFinding {
    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "epoch-ahead",
          "object %s is of epoch %s; the newest head is of epoch %s"
              .formatted(object, epoch, newest),
          "newer heads are missing: the volume has gone back behind its owner's back",
          "bring the newer heads back from a copy of the bucket before anybody opens it",
          "begins an epoch later than all that names tell of");
    }
  }
}
