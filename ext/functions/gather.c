/* Functions that read or write an array at the indexes that a second array contains. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/whole_array.h"
#include "sql/writer.h"

SQLITE_EXTENSION_INIT3

/* Marks an index out of range; no valid position equals it, because an array has fewer elements. */
#define NO_PLACE UINT32_MAX
static const int32_t no_place =
    (int32_t)NO_PLACE; /* the same bits as an element of 4 bytes, for the kernels */
enum { PLACE = 2 };    /* position of the kernels for 4-byte elements in the tables of kernels */

/*
** Reads an array of SQL indexes, block by block, and converts them to positions from 0 in an
** array of `count` elements.
*/
struct places {
    struct sqa_call *call;
    struct sqa_reader reader;
    size_t count;
    size_t outside;            /* how many positions of the block are NO_PLACE */
    uint32_t place[SQA_BLOCK]; /* the first reader.n entries are valid */
};

static void places_begin(struct places *places, struct sqa_call *call,
                         const struct sqa_array *indexes, size_t count) {
    places->call = call;
    places->count = count;
    sqa_read(&places->reader, call, indexes, indexes->width);
}

/*
** Prefetches the next block of indexes while the current block is being used. Measured with
** array_take and 1e6 random elements of 8 bytes: 1.65 ns an element, without prefetching 1.95 ns.
*/
static void prefetch_next(const struct sqa_reader *reader) {
    enum { CACHE_LINE = 64 };
    const size_t at = reader->at + reader->n, left = reader->array->count - at;
    const size_t size = (left < SQA_BLOCK ? left : SQA_BLOCK) * reader->width;
    struct sqa_view indexes;
    if (!sqa_array_is_plain(reader->array, &indexes))
        return;
    const unsigned char *next = indexes.data + at * reader->width;
    for (size_t i = 0; i < size; i += CACHE_LINE)
        __builtin_prefetch(next + i);
}

static bool places_next(struct places *places) {
    const struct sqa_kernels *kernels = places->call->connection->kernels;
    const struct sqa_reader *reader = &places->reader;
    if (!sqa_reader_next(&places->reader))
        return false;
    kernels->places[sqa_width_index(reader->width)](places->place, reader->data, reader->n,
                                                    places->count, NO_PLACE);
    places->outside = kernels->count[PLACE](places->place, no_place, reader->n);
    prefetch_next(reader);
    return true;
}

/* Reads the next block. The call fails if an index in it is outside the array of argument 1. */
static bool places_next_inside(struct places *places) {
    const struct sqa_reader *reader = &places->reader;
    if (!places_next(places))
        return false;
    if (places->outside == 0)
        return true;
    const size_t i =
        places->call->connection->kernels->find[PLACE](places->place, no_place, reader->n);
    const size_t at = reader->at + i;
    const long long element = (long long)at + 1;
    const long long index = sqa_reader_get(reader, i);
    if (places->count == 0)
        sqa_fail(places->call, "element %lld of argument 2: index %lld, but the array is empty",
                 element, index);
    else
        sqa_fail(places->call, "element %lld of argument 2: index %lld is outside 1..%lld", element,
                 index, (long long)places->count);
    return false;
}

/* Removes the positions that are NO_PLACE from the block and returns how many are left. */
static size_t places_skip(struct places *places) {
    const struct sqa_kernels *kernels = places->call->connection->kernels;
    uint8_t inside[SQA_BLOCK];
    if (places->outside == 0)
        return places->reader.n;
    kernels->ne_vs[PLACE](inside, places->place, &no_place, places->reader.n);
    return kernels->filter[PLACE](places->place, places->place, inside, places->reader.n);
}

/*
** Replaces each index that is outside by the nearest valid one; index 0 becomes the first
** element. The array must not be empty.
*/
static void places_clip(struct places *places) {
    const struct sqa_kernels *kernels = places->call->connection->kernels;
    const struct sqa_reader *reader = &places->reader;
    const unsigned index = sqa_width_index(reader->width);
    const int64_t most = sqa_width_most(reader->width), count = (int64_t)places->count;
    _Alignas(64) unsigned char clipped[SQA_BLOCK * 8];
    struct sqa_acc unused = {0, 0};
    if (places->outside == 0)
        return;
    kernels->clip[index](clipped, reader->data, count <= most ? -count : -most - 1,
                         count <= most ? count : most, reader->n, &unused);
    /* index 0 becomes position 0 */
    kernels->places[index](places->place, clipped, reader->n, places->count, 0);
}

/* Returns how many of the indexes are inside the array. */
static size_t count_inside(struct sqa_call *call, const struct sqa_array *indexes, size_t count) {
    struct places places;
    size_t n = indexes->count;
    places_begin(&places, call, indexes, count);
    while (places_next(&places))
        n -= places.outside;
    return n;
}

enum take_mode { TAKE_ERROR, TAKE_CLIP, TAKE_SKIP };

void sqa_fn_take(struct sqa_call *call) {
    static const char *const modes[] = {
        [TAKE_ERROR] = "error", [TAKE_CLIP] = "clip", [TAKE_SKIP] = "skip", NULL};
    const struct sqa_array array = sqa_arg_array(call, 0), indexes = sqa_arg_array(call, 1);
    const int mode = call->argc > 2 ? sqa_arg_word(call, 2, modes) : TAKE_ERROR;
    struct places places;
    struct sqa_writer writer;
    if (mode == TAKE_CLIP && array.count == 0)
        sqa_fail(call, "argument 1 is empty, it has no nearest element to clip to");
    const struct sqa_view view = sqa_whole_view(call, &array);
    const size_t count =
        mode == TAKE_SKIP ? count_inside(call, &indexes, view.count) : indexes.count;
    sqa_gather_fn *const gather = call->connection->kernels->gather[sqa_width_index(view.width)];
    sqa_writer_open(&writer, call, count, view.width);
    places_begin(&places, call, &indexes, view.count);
    while (mode == TAKE_ERROR ? places_next_inside(&places) : places_next(&places)) {
        size_t n = places.reader.n;
        if (mode == TAKE_SKIP)
            n = places_skip(&places);
        else if (mode == TAKE_CLIP)
            places_clip(&places);
        gather(sqa_writer_room(&writer), view.data, places.place, n);
        sqa_writer_wrote(&writer, n);
    }
    sqa_writer_close(&writer);
}

/*
** Reads argument 2, the indexes, and argument 3, one value for each index or an integer for all
** of them. Returns the width of the values, 1 if there are none.
*/
static unsigned arg_pairs(struct sqa_call *call, struct sqa_array *indexes,
                          struct sqa_operand *values) {
    *indexes = sqa_arg_array(call, 1);
    sqa_arg_operand(call, 2, values);
    if (!values->is_scalar)
        sqa_same_length(call, indexes, &values->array);
    return indexes->count == 0 ? 1 : sqa_operand_width(values);
}

void sqa_fn_put(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_array array = sqa_arg_array(call, 0);
    struct sqa_array indexes;
    struct sqa_operand values;
    struct sqa_writer writer;
    struct places places;
    struct sqa_reader reader;
    const unsigned value_width = arg_pairs(call, &indexes, &values);
    const unsigned width = value_width > array.width ? value_width : array.width;
    sqa_writer_open(&writer, call, array.count, width);
    sqa_whole_copy(call, &array, writer.out.elements, width);
    sqa_operand_read(&values, &reader, kernels, width, SQA_BLOCK);
    places_begin(&places, call, &indexes, array.count);
    while (places_next_inside(&places)) {
        const size_t at = places.reader.at, n = places.reader.n;
        kernels->scatter[sqa_width_index(width)](writer.out.elements, places.place,
                                                 sqa_reader_block(&reader, at, n), n);
    }
    sqa_writer_wrote(&writer, array.count);
    sqa_writer_close(&writer);
}

/*
** Adds the block's values to the elements at its positions. If a sum does not fit the result's
** width, the result is widened. If it does not fit 64 bits, the call fails.
*/
static void add_block(struct sqa_out *out, const struct places *places,
                      const struct sqa_operand *values, struct sqa_reader *reader) {
    const struct sqa_kernels *kernels = out->call->connection->kernels;
    const size_t at = places->reader.at, n = places->reader.n;
    for (size_t done = 0; !sqa_failed(out->call);) {
        const unsigned width = out->width;
        const unsigned char *elements = sqa_reader_block(reader, at, n);
        done += kernels->scatter_add[sqa_width_index(width)](out->elements, places->place + done,
                                                             elements + done * width, n - done);
        if (done == n)
            return;
        if (width == 8)
            sqa_fail_status(out->call, SQA_OVERFLOW,
                            (struct sqa_error){.a = (int64_t)(at + done + 1)});
        else
            sqa_out_widen(out, (size_t)out->count, 2 * width);
        sqa_operand_read(values, reader, kernels, out->width, SQA_BLOCK);
    }
}

void sqa_fn_scatter_add(struct sqa_call *call) {
    const int64_t n = sqa_arg_count(call, 0, "number of elements", 0);
    struct sqa_array indexes;
    struct sqa_operand values;
    struct sqa_writer writer;
    struct places places;
    struct sqa_reader reader;
    const unsigned width = arg_pairs(call, &indexes, &values);
    sqa_writer_open(&writer, call, (uint64_t)n, width);
    sqa_whole_zero(call, writer.out.elements, (size_t)n * width);
    sqa_operand_read(&values, &reader, call->connection->kernels, width, SQA_BLOCK);
    places_begin(&places, call, &indexes, (size_t)n);
    while (places_next_inside(&places))
        add_block(&writer.out, &places, &values, &reader);
    sqa_writer_wrote(&writer, (size_t)n);
    sqa_writer_close(&writer);
}
