/*
** A file of integers being written, so that at any time, whatever happens, its path holds the old file or
** all of the new one. Elements go to a temporary file beside it, `.array-....tmp`; committing writes them
** through to the disk and renames it. A process that is killed leaves the temporary file, nothing else.
**
** What a link points to is replaced, not the link; the new file has the mode and, where the system allows
** it, the owner of the old one.
*/
#ifndef SQA_OUTPUT_H
#define SQA_OUTPUT_H

#include "file/input.h"

/* All zero: not open. */
struct sqa_output {
    bool is_open, replaces;
    int fd;
    char *path, *temporary;      /* the file that links lead to, and what will become it */
    unsigned mode, owner, group; /* of the file it replaces */
    bool is_npy, big;
    enum sqa_dtype dtype;
    uint64_t count;        /* elements written */
    unsigned char *buffer; /* what has not reached the file, `used` bytes */
    size_t used;
    uint64_t size; /* bytes that have */
};

/*
** Begins to write dtype (SQA_NO_DTYPE: int64) to path, in the form its name says; or in that of `like`, which the
** caller has open. After SQA_OK sqa_output_commit() or sqa_output_drop() has to follow.
*/
SQA_MUST_CHECK enum sqa_status sqa_output_open(struct sqa_output *output, struct sqa_call *call,
                                               const char *path, int dtype,
                                               const struct sqa_input *like);

/* Writes all elements of view, or of another file of the same form. After a failure: drop. */
SQA_MUST_CHECK enum sqa_status sqa_output_add(struct sqa_output *output, struct sqa_call *call,
                                              const struct sqa_view *view);
SQA_MUST_CHECK enum sqa_status sqa_output_copy(struct sqa_output *output, struct sqa_call *call,
                                               const struct sqa_input *input);

/*
** Makes it the file at path. Nothing is left to be dropped, also after a failure, when path has been left
** alone.
*/
SQA_MUST_CHECK enum sqa_status sqa_output_commit(struct sqa_output *output, struct sqa_call *call);
/* Removes what has been written; path has been left alone. Does nothing where it is not open. */
void sqa_output_drop(struct sqa_output *output);

#endif
