/*
** A file of integers being written, so that at any time, whatever happens, its path holds the old file or
** all of the new one. Elements go to a temporary file beside it, `.array-....tmp`, which is written through to the
** disk and then renamed. A process that is killed leaves the temporary file, nothing else.
**
** What a link points to is replaced, not the link; the new file has the mode and, where the system allows
** it, the owner of the old one.
*/
#ifndef SQA_OUTPUT_H
#define SQA_OUTPUT_H

#include "file/input.h"
#include "file/target.h"

/* All zero: not open. */
struct sqa_output {
    bool is_open;
    struct sqa_target target;
    char *temporary; /* the path of what will become the file; NULL once it has */
    int fd;
    bool is_npy, big;
    enum sqa_dtype dtype;
    uint64_t count; /* elements written */
    uint64_t size;  /* bytes of them and of the header that have reached the temporary file */
    unsigned char *buffer; /* the `used` bytes that have not; NULL: there are none */
    size_t used;
    bool is_longer; /* the temporary file has bytes after `size` */
};

/*
** Begins to write dtype (SQA_NO_DTYPE: int64) to a target, in the form its name says; or in that of `like`, which the
** caller has open. Takes the target, also where it fails. sqa_output_drop() has to follow.
*/
void sqa_output_open(struct sqa_output *output, struct sqa_call *call, struct sqa_target *target,
                     int dtype, const struct sqa_input *like);

/*
** Writes all elements of the array, or of another file of the same form. After a failure an unknown number of them has
** been written: rewind, or drop.
*/
void sqa_output_add(struct sqa_output *output, struct sqa_call *call,
                    const struct sqa_array *array);
void sqa_output_copy(struct sqa_output *output, struct sqa_call *call,
                     const struct sqa_input *input);

/* Takes back all elements after the first `count`. */
void sqa_output_rewind(struct sqa_output *output, uint64_t count);

/* Gives the buffer's memory back for as long as nothing is added. After a failure it is kept. */
void sqa_output_pause(struct sqa_output *output, struct sqa_call *call);

/* Completes the temporary file and writes it through to the disk: all that needs space or can wait. */
void sqa_output_sync(struct sqa_output *output, struct sqa_call *call);

/*
** After sqa_output_sync(): makes it the file at the target. A failure leaves the old file, unless the message says that
** the directory could not be written through.
*/
void sqa_output_publish(struct sqa_output *output, struct sqa_call *call);

/* Lets go of everything; what has not become the file is removed. Does nothing where it is not open. */
void sqa_output_drop(struct sqa_output *output);

#endif
