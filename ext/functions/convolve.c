/*
** array_convolve: element k (from 0) of the result is the sum of a[k-j] * b[j] over all j.
**
** It is computed in tiles of up to SQA_BLOCK results by SQA_BLOCK taps, as the elements of the
** shorter array are called. A tile borrows nothing: the elements that it needs, 0 where there are
** none, are laid out on the stack; so widths and addresses do not matter, and only the result is
** allocated.
*/
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/whole_array.h"
#include "sql/writer.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

enum { WIDE_RESULTS = 256 }; /* in a tile of sums of 256 bits */

struct convolution {
    const struct sqa_kernels *kernels;
    struct sqa_array elements, taps; /* there are not more taps than elements; at least one */
    size_t count;                    /* of the result */
    unsigned width;                  /* that both are read in */
    unsigned sum_width;              /* that surely holds each sum; 0 where 8 might not */
};

/* One tile: the results from `at` on, of the taps from `first` on. */
struct tile {
    size_t at, results, first, taps;
    _Alignas(64) unsigned char element[2 * SQA_BLOCK * 8]; /* results + taps - 1 of them */
    _Alignas(64) unsigned char tap[SQA_BLOCK * 8];         /* the last one first */
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

/* Lays out what the tile needs; false if all of it is outside. */
static bool tile_fill(const struct convolution *c, struct tile *t) {
    const size_t length = t->results + t->taps - 1;
    /* the elements from `from` - before on, of which the first `before` do not exist */
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

/* The next tile of the same results; taps are 0 before the first. */
static bool tile_next(const struct convolution *c, struct tile *t) {
    t->first += t->taps;
    t->taps = c->taps.count - t->first < SQA_BLOCK ? c->taps.count - t->first : SQA_BLOCK;
    return t->taps > 0;
}

/* The results of a row of tiles, in sums that cannot overflow. */
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

/* The same where they might: each in 256 bits. */
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
