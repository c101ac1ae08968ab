/* The file that a path leads to, which may not exist yet, and its directory. */
#ifndef SQA_TARGET_H
#define SQA_TARGET_H

#include "file/path.h"
#include "file/system.h"

/* A zeroed struct is no target. */
struct sqa_target {
    char *path;                    /* path of the file itself, with links resolved; owned */
    char *directory;               /* path of its directory; owned */
    uint64_t device, inode;        /* identify the directory */
    bool exists;                   /* true if the file exists; then it is regular and writable */
    struct sqa_file_status status; /* of the file, if it exists */
};

/*
** Finds the file that a path leads to. Fails for a directory, a device, a link to a missing file,
** and a file without write permission. The caller must call sqa_target_clear(); after a failure
** it need not.
*/
void sqa_target_find(struct sqa_target *target, struct sqa_call *call, const char *path);
void sqa_target_clear(struct sqa_target *target);

/*
** Returns true if both are the same file: the same name in the same directory, whatever path led
** there.
*/
bool sqa_target_same(const struct sqa_target *a, const struct sqa_target *b);

/*
** Returns an unused name for a temporary file in the same directory, which the caller frees, or
** NULL if there is no memory.
*/
char *sqa_target_temporary(const struct sqa_target *target);

/*
** Writes the directory to disk after a file was renamed in it. Without this a power failure could
** bring the old file back. File systems that do not support it return EINVAL, which is ignored.
*/
void sqa_target_sync(const struct sqa_target *target, struct sqa_call *call);

#endif
