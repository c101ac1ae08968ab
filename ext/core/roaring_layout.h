/* Constants of the portable format of Roaring bitmaps, for reading and writing. */
#ifndef SQA_ROARING_LAYOUT_H
#define SQA_ROARING_LAYOUT_H

enum {
    SQA_ROARING_COOKIE = 12346, /* without runs: cookie (u32), number of containers (u32) */
    SQA_ROARING_RUN_COOKIE =
        12347, /* with runs: cookie (u16), containers - 1 (u16), a bit for each container */
    SQA_ROARING_NO_OFFSETS = 4, /* with runs and fewer containers than this there are no offsets */
    SQA_ROARING_ARRAY_MOST = 4096,   /* a container with more elements is a bitset, not an array */
    SQA_ROARING_BITSET_BYTES = 8192, /* bytes of a bitset */
    SQA_ROARING_CONTAINERS = 65536   /* largest number of containers of a 32-bit bitmap */
};

#endif
