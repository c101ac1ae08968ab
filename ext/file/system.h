/*
** The file operations of the operating system, implemented with POSIX (system_posix.c) and with
** Windows (system_windows.c). Paths are UTF-8. A function that fails sets errno.
*/
#ifndef SQA_SYSTEM_H
#define SQA_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SQA_LONGEST_PATH = 4096 }; /* bytes of a path, including its NUL */

struct sqa_file_status {
    bool is_regular;             /* false for a directory, a device or a pipe */
    uint64_t size;               /* bytes */
    uint64_t device, inode;      /* together they identify the file, whatever path leads to it */
    unsigned mode, owner, group; /* permissions; 0 on Windows */
};

/* Fill *status for the file that a path leads to, following links, or for an open file. */
bool sqa_system_find(const char *path, struct sqa_file_status *status);
bool sqa_system_look(int fd, struct sqa_file_status *status);

/*
** If *path is a symbolic link, fills `resolved` with the path that it leads to and sets *path to
** it. Fails if the link leads to nothing.
*/
bool sqa_system_follow(const char **path, char resolved[SQA_LONGEST_PATH]);

/* Returns whether the process may write to the file. */
bool sqa_system_may_write(const char *path);

/*
** Opens a file for reading. Never blocks, not even on a pipe. Returns a descriptor, or -1. On
** Windows, too, others may rename and remove the file while it is open.
*/
int sqa_system_open(const char *path);
/* Creates a file, which must not exist yet, for reading and writing. Returns the same. */
int sqa_system_create(const char *path, unsigned mode);
void sqa_system_close(int fd);

/*
** Read or write up to size bytes at an offset. Return how many bytes were read or written, 0 at
** the end of the file, or -1.
*/
ptrdiff_t sqa_system_read(int fd, void *bytes, size_t size, uint64_t offset);
ptrdiff_t sqa_system_write(int fd, const void *bytes, size_t size, uint64_t offset);

/* A hint: these bytes will be read soon. */
void sqa_system_expect(int fd, uint64_t offset, uint64_t size);
/* A hint: these bytes will not change any more and can be written to disk. */
void sqa_system_write_behind(int fd, uint64_t offset, uint64_t size);

bool sqa_system_truncate(int fd, uint64_t size);
/* Waits until all bytes are on disk. */
bool sqa_system_sync(int fd);
/* Gives a new file the permissions of an old one and, if the process may do that, its owner. */
bool sqa_system_adopt(int fd, const struct sqa_file_status *old);
/*
** Renames a file atomically. Replaces a file of the new name; on Windows in two steps if that is
** open.
*/
bool sqa_system_rename(const char *from, const char *to);
void sqa_system_remove(const char *path);
/* Waits until a renaming in this directory is on disk, if the file system supports that. */
bool sqa_system_sync_directory(const char *path);

/* Returns the length of the path up to and including its last separator, 0 if it has none. */
int sqa_system_directory(const char *path);
/* Returns whether two names in one directory name the same file. */
bool sqa_system_same_name(const char *a, const char *b);

#endif
