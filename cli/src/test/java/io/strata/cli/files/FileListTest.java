package io.strata.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Attributes;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileListTest {
  @ParameterizedTest
  @CsvSource({
    "100644, -rw-r--r--",
    "040755, drwxr-xr-x",
    "120777, lrwxrwxrwx",
    "104755, -rwsr-xr-x",
    "102644, -rw-r-Sr--",
    "041777, drwxrwxrwt",
    "041776, drwxrwxrwT",
    "010600, prw-------",
    "060660, brw-rw----",
    "020666, crw-rw-rw-",
    "140700, srwx------"
  })
  void writesModesAsLsDoes(String octal, String text) {
    Timestamp time = new Timestamp(0, 0);
    Attributes attributes =
        new Attributes(
            Ino.ROOT, Integer.parseInt(octal, 8), 1, 0, 0, 0, 0, 0, time, time, time, time);

    assertThat(FileList.mode(attributes)).isEqualTo(text);
  }
}
