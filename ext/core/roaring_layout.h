/* What the portable format of Roaring bitmaps fixes, for its two sides, core/roaring_read.c and core/roaring_write.c. */
#ifndef SQA_ROARING_LAYOUT_H
#define SQA_ROARING_LAYOUT_H

enum {
    SQA_ROARING_COOKIE = 12346, /* without runs: u32, then the number of containers, u32 */
    SQA_ROARING_RUN_COOKIE =
        12347, /* with runs: u16, then the containers less 1, u16, then a bit for each */
    SQA_ROARING_NO_OFFSETS = 4, /* with runs and fewer containers than this there are no offsets */
    SQA_ROARING_ARRAY_MOST = 4096,   /* elements of an array; with more a container is a bitset */
    SQA_ROARING_BITSET_BYTES = 8192, /* of a container that is a bitset */
    SQA_ROARING_CONTAINERS = 65536   /* the most of a bitmap of 32 bits */
};

#endif
