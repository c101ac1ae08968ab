/*
** array_convolve: element k (from 0) of the result is the sum of a[k-j] * b[j] over all j.
**
** The elements of the shorter array are called taps. The result is computed in tiles of up to
** SQA_BLOCK results by SQA_BLOCK taps. Each tile copies the elements that it needs to the stack,
** with 0 for elements outside the array. So the kernels need not care about widths and alignment,
** and only the result is allocated.
*/
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/whole_array.h"
#include "sql/writer.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

enum { WIDE_RESULTS = 256 }; /* results in one tile when sums have 256 bits */

struct convolution {
    const struct sqa_kernels *kernels;
    /* taps has at least one element, and not more than `elements` */
    struct sqa_array elements, taps;
    size_t count;   /* number of results */
    unsigned width; /* the width in which both arrays are read */
    /* a width that no sum can overflow; 0 if 8 bytes may not suffice */
    unsigned sum_width;
};

/*
** One tile: it computes `results` results from index `at` on, using `taps` taps from index
** `first` on.
*/
struct tile {
    size_t at, results, first, taps;
    _Alignas(64) unsigned char element[2 * SQA_BLOCK * 8]; /* results + taps - 1 elements */
    _Alignas(64) unsigned char tap[SQA_BLOCK * 8];         /* the taps in reverse order */
};

/* Finds the narrowest width whose kernel reads both arrays and cannot overflow. */
static void choose_widths(struct sqa_call *call, struct convolution *c) {
    const unsigned least = c->elements.width > c->taps.width ? c->elements.width : c->taps.width;
    const uint64_t sig = sqa_whole_sig(call, &c->elements), tap_sig = sqa_whole_sig(call, &c->taps);
    const uint64_t bound = sqa_mul_size(sqa_mul_size(sig + 1, tap_sig + 1), c->taps.count);
    for (c->width = least; c->width <= 8; c->width *= 2) {
        c->sum_width = c->width < 8 ? 2 * c->width : 8;
        if (bound <= (uint64_t)sqa_width_most(c->sum_width))
            return;
    }
    c->width = least;
    c->sum_width = 0;
}

/*
** Fills the tile's copies of elements and taps. Returns false if all of its elements are outside
** the array.
*/
static bool tile_fill(const struct convolution *c, struct tile *t) {
    const size_t length = t->results + t->taps - 1;
    /*
    ** The tile needs elements from index `from` - `before` on. The first `before` of them do not
    ** exist and count as 0.
    */
    const size_t last_tap = t->first + t->taps - 1;
    const size_t before = last_tap > t->at ? last_tap - t->at : 0;
    const size_t from = t->at > last_tap ? t->at - last_tap : 0;
    if (before >= length || from >= c->elements.count)
        return false;
    const size_t there = c->elements.count - from, room = length - before;
    const size_t inside = there < room ? there : room;
    memset(t->element, 0, before * c->width);
    sqa_array_copy(c->kernels, &c->elements, from, inside, t->element + before * c->width,
                   c->width);
    memset(t->element + (before + inside) * c->width, 0, (room - inside) * c->width);

    _Alignas(64) unsigned char taps[SQA_BLOCK * 8];
    sqa_array_copy(c->kernels, &c->taps, t->first, t->taps, taps, c->width);
    c->kernels->stride[sqa_width_index(c->width)](t->tap, taps + (t->taps - 1) * c->width, -1,
                                                  t->taps);
    return true;
}

/*
** Moves to the next group of taps for the same results; false after the last one. A tile begins
** with taps = 0.
*/
static bool tile_next(const struct convolution *c, struct tile *t) {
    t->first += t->taps;
    t->taps = c->taps.count - t->first < SQA_BLOCK ? c->taps.count - t->first : SQA_BLOCK;
    return t->taps > 0;
}

/* Writes one tile's worth of results, with sums that cannot overflow. */
static void write_results(struct sqa_writer *writer, const struct convolution *c, struct tile *t) {
    _Alignas(64) unsigned char sums[SQA_BLOCK * 8];
    memset(sums, 0, t->results * c->sum_width);
    while (!sqa_failed(writer->out.call) && tile_next(c, t)) {
        if (tile_fill(c, t))
            c->kernels->convolve[sqa_width_index(c->width)](sums, t->element, t->tap, t->results,
                                                            t->taps);
        (void)sqa_stopped(&writer->out.call->poll);
    }
    sqa_writer_widening(writer, sums, c->sum_width, t->results);
}

/*
** Writes one tile's worth of results, with sums of 256 bits, for arrays whose sums might overflow
** 64 bits.
*/
static void write_wide_results(struct sqa_writer *writer, const struct convolution *c,
                               struct tile *t) {
    sqa_dot_fn *const dot = c->kernels->dot[sqa_width_index(c->width)];
    struct sqa_call *call = writer->out.call;
    struct sqa_wide wide[WIDE_RESULTS];
    int64_t sums[WIDE_RESULTS];
    memset(wide, 0, sizeof wide);
    while (!sqa_failed(call) && tile_next(c, t)) {
        if (tile_fill(c, t)) {
            for (size_t i = 0; i < t->results; i++)
                dot(t->element + i * c->width, t->tap, t->taps, &wide[i]);
        }
        (void)sqa_stopped(&call->poll);
    }
    for (size_t i = 0; i < t->results && !sqa_failed(call); i++) {
        if (!sqa_wide_fits(&wide[i], &sums[i]))
            sqa_fail_status(call, SQA_OVERFLOW, (struct sqa_error){.a = (int64_t)(t->at + i + 1)});
    }
    sqa_writer_widening(writer, sums, sizeof *sums, t->results);
}

void sqa_fn_convolve(struct sqa_call *call) {
    const struct sqa_array a = sqa_arg_array(call, 0), b = sqa_arg_array(call, 1);
    struct convolution c = {.kernels = call->connection->kernels};
    struct sqa_writer writer;
    struct tile tile;
    c.elements = a.count < b.count ? b : a;
    c.taps = a.count < b.count ? a : b;
    c.count = c.taps.count > 0 ? c.elements.count + c.taps.count - 1 : 0;
    choose_widths(call, &c);
    const size_t most = c.sum_width > 0 ? SQA_BLOCK : WIDE_RESULTS;
    sqa_writer_open(&writer, call, c.count, 1);
    for (tile.at = 0; tile.at < c.count && !sqa_failed(call); tile.at += tile.results) {
        tile.results = c.count - tile.at < most ? c.count - tile.at : most;
        tile.first = tile.taps = 0;
        if (c.sum_width > 0)
            write_results(&writer, &c, &tile);
        else
            write_wide_results(&writer, &c, &tile);
    }
    sqa_writer_close(&writer);
}
