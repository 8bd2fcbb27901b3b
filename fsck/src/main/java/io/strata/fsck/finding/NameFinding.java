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
    public String code() {
      return "name-without-inode";
    }

    @Override
    public String what() {
      return "%s does not exist; %d names stand for it".formatted(file, names);
    }

    @Override
    public String means() {
      return "the name is listed and cannot be used; what it stood for is lost";
    }

    @Override
    public String remedy() {
      return "look for the file in an earlier checkpoint";
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
    public String code() {
      return "wrong-type";
    }

    @Override
    public String what() {
      return "%s is listed as %s and is %s".formatted(file, named, found);
    }

    @Override
    public String means() {
      return "programs that trust the listing treat it wrongly";
    }

    @Override
    public String remedy() {
      return "rename the file to and fro, which writes its entry anew";
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
    public String code() {
      return "wrong-link-count";
    }

    @Override
    public String what() {
      return "%s says that it has %d links, it has %d".formatted(file, recorded, found);
    }

    @Override
    public String means() {
      return recorded < found
          ? "it will vanish while it still has names"
          : "it will not go away when its last name does";
    }

    @Override
    public String remedy() {
      return "copy it, and remove all of its names";
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
    public String code() {
      return "wrong-parent";
    }

    @Override
    public String what() {
      return "directory %s says that its parent is inode %d, it is in inode %d"
          .formatted(file, recorded, found);
    }

    @Override
    public String means() {
      return "\"..\" leads to the wrong place";
    }

    @Override
    public String remedy() {
      return "move the directory to another one and back";
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
    public String code() {
      return "directory-named-twice";
    }

    @Override
    public String what() {
      return "directory %s has %d names".formatted(file, names);
    }

    @Override
    public String means() {
      return "programs that walk the tree may see files twice or never end";
    }

    @Override
    public String remedy() {
      return "keep the right name; the others have to be repaired";
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
    public String code() {
      return "no-name";
    }

    @Override
    public String what() {
      return "%s, %s, has no name and is not marked to be removed".formatted(file, type);
    }

    @Override
    public String means() {
      return "it cannot be reached and takes space for ever";
    }

    @Override
    public String remedy() {
      return "it has to be repaired: given a name again, or removed";
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
    public String code() {
      return "directory-ring";
    }

    @Override
    public String what() {
      return "%d directories hold each other and nothing else holds them, %s among them"
          .formatted(directories, file);
    }

    @Override
    public String means() {
      return "they and what they hold cannot be reached";
    }

    @Override
    public String remedy() {
      return "one of them has to be given a name again";
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
    public String code() {
      return "no-root";
    }

    @Override
    public String what() {
      return "the root directory " + problem;
    }

    @Override
    public String means() {
      return "nothing in the volume can be reached";
    }

    @Override
    public String remedy() {
      return "go back to an earlier checkpoint";
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
    public String code() {
      return "wrong-orphan-mark";
    }

    @Override
    public String what() {
      return "%s %s".formatted(file, problem);
    }

    @Override
    public String means() {
      return "it is removed though it has names, or never removed though it has none";
    }

    @Override
    public String remedy() {
      return "copy the file if it has a name; the mark has to be repaired";
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
    public String code() {
      return "stray-entries";
    }

    @Override
    public String what() {
      return "%s %s".formatted(file, problem);
    }

    @Override
    public String means() {
      return "they take space and nobody can reach them";
    }

    @Override
    public String remedy() {
      return "they have to be repaired; nothing that can be reached is touched";
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
    public String code() {
      return "wrong-attribute";
    }

    @Override
    public String what() {
      return "%s says that its %s is %d, it is %d".formatted(file, attribute, recorded, found);
    }

    @Override
    public String means() {
      return "stat(2) tells something wrong of it";
    }

    @Override
    public String remedy() {
      return "copy the file";
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
    public String code() {
      return "wrong-inode-number";
    }

    @Override
    public String what() {
      return "%s has a number that nobody can have given it: %s".formatted(file, problem);
    }

    @Override
    public String means() {
      return "a later file may get the same number and be confused with it";
    }

    @Override
    public String remedy() {
      return "copy the file, remove it, and report the fault";
    }
  }
}
