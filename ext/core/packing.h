/*
** Codec 1, packed, the writing side: see core/packed.h for the layout. The elements alone say what is written, so that
** equal arrays have equal packed blobs:
**
** For each block, base is the smallest element (frame), or the first one (steps; step is the smallest difference, modulo
** the width and read as signed). bits is the number that takes the fewest bytes, the largest of equals; exceptions, at
** most 510 bytes, have the least size that holds what the largest offset has above its lowest bits. A block is steps if
** that saves a quarter of a byte an element or more: steps take longer to read than a frame.
**
** What takes no fewer bytes packed than plain is kept plain.
*/
#ifndef SQA_PACKING_H
#define SQA_PACKING_H

#include "core/blob.h"

/* An array that is to be packed. It borrows the array and the poll. */
struct sqa_packing {
    const struct sqa_kernels *kernels;
    struct sqa_array array;
    struct sqa_poll *poll;
    unsigned width; /* bytes a plain element: the narrowest */
    uint64_t size;  /* bytes of the packed blob */
};

/* Finds width and size: by reading all elements twice. Undefined where poll stops it. */
void sqa_packing_start(struct sqa_packing *packing, const struct sqa_kernels *kernels,
                       const struct sqa_array *array, struct sqa_poll *poll);

/* True if the packed blob takes fewer bytes than the plain one: else that is what packing gives. */
static inline bool sqa_packing_pays(const struct sqa_packing *packing) {
    return packing->size < sqa_blob_size(packing->array.count, packing->width);
}

/* Fills blob with the packed array: packing->size bytes, at any address. Undefined where poll stops it. */
void sqa_packing_write(const struct sqa_packing *packing, void *blob);

/*
** Packs other elements in place of block `index` of a packed array of `count` elements of `width` bytes: as many as the block
** has, of that width, aligned. Fills the block's entries in `lists`, a copy of the array's, and contents, which has room for
** SQA_PACKED_BLOCK_BYTES; gives the bytes that these take. While the width is the narrowest of all elements, and the blob takes
** fewer bytes than a plain one, the array with these parts is what packing all its elements gives.
*/
size_t sqa_packing_block(const struct sqa_kernels *kernels, size_t count, unsigned width,
                         size_t index, const void *elements, unsigned char *lists,
                         unsigned char *contents);

/* True if the array, which is packed and no slice, is what packing its elements gives, and is not better kept plain. */
bool sqa_packing_is_canonical(const struct sqa_kernels *kernels, const struct sqa_array *array,
                              struct sqa_poll *poll);

#endif
