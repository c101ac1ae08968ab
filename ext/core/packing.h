/*
** Codec 1, packed: the writing side. core/packed.h describes the layout. What is written depends
** only on the elements, so equal arrays have equal packed blobs.
**
** In a block of frame, base is the smallest element. In a block of steps, base is the first
** element, and step is the smallest difference, modulo 2^(8 * width) and read as signed. bits is
** the number that needs the fewest bytes, and the largest of several such numbers. There are at
** most 510 bytes of exceptions, of the smallest size that holds the higher bits of the largest
** offset. A block is written as steps only if that saves a quarter of a byte an element or more,
** because steps take longer to read.
**
** If packing does not save any bytes, the array stays plain.
*/
#ifndef SQA_PACKING_H
#define SQA_PACKING_H

#include "core/blob.h"

/* An array that is being packed. The array and the poll are borrowed. */
struct sqa_packing {
    const struct sqa_kernels *kernels;
    struct sqa_array array;
    struct sqa_poll *poll;
    unsigned width; /* bytes of a plain element in the narrowest width */
    uint64_t size;  /* bytes of the packed blob */
};

/*
** Computes width and size by reading all elements twice. If the poll stops the work, they are
** undefined.
*/
void sqa_packing_start(struct sqa_packing *packing, const struct sqa_kernels *kernels,
                       const struct sqa_array *array, struct sqa_poll *poll);

/*
** Returns true if the packed blob is smaller than the plain one. Otherwise the result of packing
** is the plain one.
*/
static inline bool sqa_packing_pays(const struct sqa_packing *packing) {
    return packing->size < sqa_blob_size(packing->array.count, packing->width);
}

/*
** Writes the packed array, packing->size bytes, to blob, which may have any address. If the poll
** stops the work, the bytes are undefined.
*/
void sqa_packing_write(const struct sqa_packing *packing, void *blob);

/*
** Packs new elements in place of block `index` of a packed array of `count` elements of `width`
** bytes. There are as many as the block has, of that width, aligned. Writes the block's entries to
** `lists`, a copy of the array's lists, and the block's contents to `contents`, which has room for
** SQA_PACKED_BLOCK_BYTES. Returns the bytes of the contents. If `width` still is the narrowest
** width of all elements and the blob is smaller than a plain one, the array with these parts is
** equal to what packing all its elements gives.
*/
size_t sqa_packing_block(const struct sqa_kernels *kernels, size_t count, unsigned width,
                         size_t index, const void *elements, unsigned char *lists,
                         unsigned char *contents);

/*
** Returns true if packing the array's elements would give the same blob. The array must be packed
** and not a slice.
*/
bool sqa_packing_is_canonical(const struct sqa_kernels *kernels, const struct sqa_array *array,
                              struct sqa_poll *poll);

#endif
