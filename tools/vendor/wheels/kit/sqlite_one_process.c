/* Nobody else holds a lock on a file here, and no memory is shared by files: of SQLite's ways to its files the default is that
 * of one process, which keeps the index of a write-ahead log in memory and lets connections of the process share it. */
#include "sqlite3.h"

int sqlite_one_process(const char *unused) {
  (void)unused;
  return sqlite3_vfs_register(sqlite3_vfs_find("unix-excl"), 1);
}
