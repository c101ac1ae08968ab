/*
** A file of integers being read: a .npy file, which says what it holds, or packed integers of a type that
** the caller knows.
**
** It is read by pread() and not mapped. A page of a mapping whose file was cut meanwhile raises SIGBUS, which
** no library can promise to handle in somebody else's process; pread() reports it. It costs a copy
** through the cache into one chunk's memory. Measured with a warm cache, doubling and writing 1 GB in chunks of
** 512 kB: pread 1.08 s, windows mapped one by one 1.23 s, MAP_POPULATE 1.11 s, pread in a thread of its own 1.25 s
** (cat: 1.05 s). So the copy is no more than what page faults cost.
*/
#ifndef SQA_INPUT_H
#define SQA_INPUT_H

#include "core/npy.h"
#include "file/path.h"

struct sqa_input {
    int fd;
    bool is_npy, big;
    enum sqa_dtype dtype;
    uint64_t offset;            /* of the first element's byte */
    uint64_t count;             /* elements */
    struct sqa_npy_shape shape; /* of a .npy file; the elements are in C order */
};

/*
** Opens a regular file. It holds dtype; SQA_NO_DTYPE: what its .npy header says, and without such a header
** `otherwise`, or it is refused. Its size and its header agree. sqa_input_close() has to follow.
*/
void sqa_input_open(struct sqa_input *input, struct sqa_call *call, const char *path, int dtype,
                    int otherwise);
void sqa_input_close(struct sqa_input *input);

/* Elements first (from 0) to first + n - 1 are wanted soon: the system may read them while we compute. */
void sqa_input_expect(const struct sqa_input *input, uint64_t first, uint64_t n);

/* Fills bytes with elements first to first + n - 1 (inside) as they stand in the file. */
void sqa_input_read(const struct sqa_input *input, struct sqa_call *call, uint64_t first, size_t n,
                    void *bytes);

/* The same elements as the SQL result of the call, an array. */
void sqa_input_result(const struct sqa_input *input, struct sqa_call *call, uint64_t first,
                      uint64_t n);

#endif
