/*
** A file of integers that is written. At any time, even after a crash, its path has either the
** complete old file or the complete new one. The elements are written to a temporary file in the
** same directory, `.array-....tmp`, which is written to disk and then renamed. A process that is
** killed leaves only the temporary file behind.
**
** If the path is a symbolic link, the file that it points to is replaced, not the link. The new
** file gets the mode of the old one and, if the operating system allows it, the owner.
*/
#ifndef SQA_OUTPUT_H
#define SQA_OUTPUT_H

#include "file/input.h"
#include "file/target.h"

/* A zeroed struct is not open. */
struct sqa_output {
    bool is_open;
    struct sqa_target target;
    char *temporary; /* path of the temporary file; NULL once it has been renamed */
    int fd;
    bool is_npy, big;
    enum sqa_dtype dtype;
    uint64_t count; /* number of elements written */
    uint64_t size;  /* bytes of header and elements that are in the temporary file */
    /* the `used` bytes that are not yet in the file; NULL if there are none */
    unsigned char *buffer;
    size_t used;
    bool is_longer; /* true if the temporary file has bytes after `size` */
};

/*
** Begins to write a file of type dtype (SQA_NO_DTYPE: int64) to a target. Its format is .npy if
** the target's name ends so, otherwise machine integers; or that of `like`, an open file, if it
** is not NULL. Takes ownership of target, even if it fails. The caller must call
** sqa_output_drop() in any case.
*/
void sqa_output_open(struct sqa_output *output, struct sqa_call *call, struct sqa_target *target,
                     int dtype, const struct sqa_input *like);

/*
** Append all elements of an array, or of another file of the same format. After a failure an
** unknown number of them has been written, and the caller has to rewind or drop the output.
*/
void sqa_output_add(struct sqa_output *output, struct sqa_call *call,
                    const struct sqa_array *array);
void sqa_output_copy(struct sqa_output *output, struct sqa_call *call,
                     const struct sqa_input *input);

/* Removes all elements after the first `count`. */
void sqa_output_rewind(struct sqa_output *output, uint64_t count);

/*
** Writes and frees the buffer, to save memory until something is added. After a failure the
** buffer is kept.
*/
void sqa_output_pause(struct sqa_output *output, struct sqa_call *call);

/*
** Completes the temporary file and writes it to disk. Everything that can fail for lack of space
** is done here.
*/
void sqa_output_sync(struct sqa_output *output, struct sqa_call *call);

/*
** Renames the temporary file to the target; sqa_output_sync() must have been called. After a
** failure the old file is unchanged, unless the message says that the directory could not be
** written to disk.
*/
void sqa_output_publish(struct sqa_output *output, struct sqa_call *call);

/*
** Frees everything, and removes the temporary file if it was not renamed. Does nothing if the
** output is not open.
*/
void sqa_output_drop(struct sqa_output *output);

#endif
