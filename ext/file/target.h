/* The file that a path leads to, which need not exist yet, and the directory it is in. */
#ifndef SQA_TARGET_H
#define SQA_TARGET_H

#include "file/path.h"

/* All zero: none. */
struct sqa_target {
    char *path;                  /* of the file itself: links have been followed; owned */
    char *directory;             /* that it is in; owned */
    uint64_t device, inode;      /* what the system knows the directory by */
    bool exists;                 /* then it is a regular file that may be written, and has */
    unsigned mode, owner, group; /* these */
};

/*
** Finds out. A directory, a device, a link that leads nowhere and a file that may not be written are errors.
** sqa_target_clear() has to follow; after a failure there is nothing to clear.
*/
void sqa_target_find(struct sqa_target *target, struct sqa_call *call, const char *path);
void sqa_target_clear(struct sqa_target *target);

/* Do both name one file: the same name in the same directory, however that is spelled? */
bool sqa_target_same(const struct sqa_target *a, const struct sqa_target *b);

/* A new name in the same directory for a temporary file; the caller owns it. NULL without memory. */
char *sqa_target_temporary(const struct sqa_target *target);

/*
** After a file was renamed to it: writes the directory through to the disk. Without that a power failure may bring the
** old file back. File systems that cannot do this say EINVAL, which is no error here.
*/
void sqa_target_sync(const struct sqa_target *target, struct sqa_call *call);

#endif
