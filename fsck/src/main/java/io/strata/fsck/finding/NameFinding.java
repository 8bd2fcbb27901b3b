package io.strata.fsck.finding;

import org.jspecify.annotations.Nullable;

/** Findings about inodes, names and the tree of directories. */
public sealed interface NameFinding extends Finding {

  @Override
  FilePlace file();

  @Override
  default Severity severity() {
    return Severity.ERROR;
  }

  /**
   * A name stands for an inode that does not exist.
   *
   * @param file the inode, with the path of one of the names
   * @param names how many names stand for it
   */
  record NameWithoutInode(FilePlace file, int names) implements NameFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "name-without-inode",
          "%s does not exist; %d names stand for it".formatted(file, names),
          "the name is listed and cannot be used; what it stood for is lost",
          "look for the file in an earlier checkpoint",
          "drops the names");
    }
  }

  /**
   * A name says that it stands for another type of file than it does.
   *
   * @param file the inode
   * @param named the type that the name says
   * @param found the type that the inode has
   */
  record WrongType(FilePlace file, String named, String found) implements NameFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "wrong-type",
          "%s is listed as %s and is %s".formatted(file, named, found),
          "programs that trust the listing treat it wrongly",
          "rename the file to and fro, which writes its entry anew",
          "sets the type in the name right");
    }
  }

  /**
   * An inode says that it has more or fewer links than it has.
   *
   * @param file the inode
   * @param recorded links that it says
   * @param found links that there are
   */
  record WrongLinkCount(FilePlace file, long recorded, long found) implements NameFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "wrong-link-count",
          "%s says that it has %d links, it has %d".formatted(file, recorded, found),
          recorded < found
              ? "it will vanish while it still has names"
              : "it will not go away when its last name does",
          "copy it, and remove all of its names",
          "sets it right");
    }
  }

  /**
   * A directory says that another directory holds it than the one that does.
   *
   * @param file the directory
   * @param recorded inode number of the parent that it says
   * @param found inode number of the directory that names it
   */
  record WrongParent(FilePlace file, long recorded, long found) implements NameFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "wrong-parent",
          "directory %s says that its parent is inode %d, it is in inode %d"
              .formatted(file, recorded, found),
          "\"..\" leads to the wrong place",
          "move the directory to another one and back",
          "sets it right");
    }
  }

  /**
   * A directory has more than one name.
   *
   * @param file the directory
   * @param names how many
   */
  record DirectoryNamedTwice(FilePlace file, int names) implements NameFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "directory-named-twice",
          "directory %s has %d names".formatted(file, names),
          "programs that walk the tree may see files twice or never end",
          "keep the right name; the others have to be repaired",
          "keeps the name in the directory that it says is its parent and drops the " + "others");
    }
  }

  /**
   * A file exists and has no name.
   *
   * @param file the inode
   * @param type what it is
   */
  record NoName(FilePlace file, String type) implements NameFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "no-name",
          "%s, %s, has no name and is not marked to be removed".formatted(file, type),
          "it cannot be reached and takes space for ever",
          "it has to be repaired: given a name again, or removed",
          "names it in /lost+found");
    }
  }

  /**
   * Directories hold each other, and nothing else holds them.
   *
   * @param file one of them
   * @param directories how many make the ring
   */
  record Ring(FilePlace file, int directories) implements NameFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "directory-ring",
          "%d directories hold each other and nothing else holds them, %s among them"
              .formatted(directories, file),
          "they and what they hold cannot be reached",
          "one of them has to be given a name again",
          "takes one of them out of the ring and names it in /lost+found");
    }
  }

  /**
   * The root is not there, or is none.
   *
   * @param file the root
   * @param problem what is wrong with it
   */
  record NoRoot(FilePlace file, String problem) implements NameFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "no-root",
          "the root directory " + problem,
          "nothing in the volume can be reached",
          "go back to an earlier checkpoint",
          "makes a root; what was in it is named in /lost+found");
    }
  }

  /**
   * The mark of an inode that is to be removed does not fit the inode.
   *
   * @param file the inode
   * @param problem what does not fit
   */
  record WrongMark(FilePlace file, String problem) implements NameFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "wrong-orphan-mark",
          "%s %s".formatted(file, problem),
          "it is removed though it has names, or never removed though it has none",
          "copy the file if it has a name; the mark has to be repaired",
          "sets the mark right; what has neither links nor names will be removed by the "
              + "next owner");
    }
  }

  /**
   * Attributes, names or extents belong to an inode that cannot have them.
   *
   * @param file the inode
   * @param problem what it has, and what it is
   */
  record StrayEntries(FilePlace file, String problem) implements NameFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "stray-entries",
          "%s %s".formatted(file, problem),
          "they take space and nobody can reach them",
          "they have to be repaired; nothing that can be reached is touched",
          "makes the directory or file anew if it does not exist; drops what cannot "
              + "belong to it");
    }
  }

  /**
   * An attribute of an inode is not what its entries say.
   *
   * @param file the inode
   * @param attribute which
   * @param recorded what it says
   * @param found what it should say
   */
  record WrongAttribute(FilePlace file, String attribute, long recorded, long found)
      implements NameFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "wrong-attribute",
          "%s says that its %s is %d, it is %d".formatted(file, attribute, recorded, found),
          "stat(2) tells something wrong of it",
          "copy the file",
          "sets it right");
    }
  }

  /**
   * An inode has a number that has not been given out yet.
   *
   * @param file the inode
   * @param problem why it cannot have been
   */
  record WrongNumber(FilePlace file, @Nullable String problem) implements NameFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "wrong-inode-number",
          "%s has a number that nobody can have given it: %s".formatted(file, problem),
          "a later file may get the same number and be confused with it",
          "copy the file, remove it, and report the fault",
          "begins an epoch later than that, if there is one");
    }
  }
}
