/*
** A file of integers that is read: a .npy file, whose header describes it, or a file of machine
** integers whose type the caller knows.
**
** It is read with pread() instead of being mapped. If somebody truncates a mapped file, reading
** the missing pages raises SIGBUS, which a library cannot handle safely; pread() returns an
** error. The price is a copy of each chunk. Measured with a warm cache, doubling and writing 1 GB
** in chunks of 512 kB: pread 1.08 s, windows mapped one by one 1.23 s, MAP_POPULATE 1.11 s, pread
** in its own thread 1.25 s (cat: 1.05 s). So the copy costs no more than page faults would.
*/
#ifndef SQA_INPUT_H
#define SQA_INPUT_H

#include "core/npy.h"
#include "file/path.h"

struct sqa_input {
    int fd;
    bool is_npy, big;
    enum sqa_dtype dtype;
    uint64_t offset;            /* byte offset of the first element */
    uint64_t count;             /* number of elements */
    struct sqa_npy_shape shape; /* of a .npy file; the elements are in C order */
};

/*
** Opens a regular file. dtype is the type of its elements. With SQA_NO_DTYPE the type is that of
** the .npy header or, if there is none, `otherwise`; if that is SQA_NO_DTYPE too, the call fails.
** Checks that the size of the file fits the type and the header. The caller must call
** sqa_input_close() in any case.
*/
void sqa_input_open(struct sqa_input *input, struct sqa_call *call, const char *path, int dtype,
                    int otherwise);
void sqa_input_close(struct sqa_input *input);

/* Tells the operating system that elements first (from 0) to first + n - 1 will be read soon. */
void sqa_input_expect(const struct sqa_input *input, uint64_t first, uint64_t n);

/* Fills bytes with elements first to first + n - 1, unconverted. All of them must exist. */
void sqa_input_read(const struct sqa_input *input, struct sqa_call *call, uint64_t first, size_t n,
                    void *bytes);

/* The SQL result is an array of elements first to first + n - 1. */
void sqa_input_result(const struct sqa_input *input, struct sqa_call *call, uint64_t first,
                      uint64_t n);

#endif
