#include "store/totals.h"

#include "store/statements.h"

SQLITE_EXTENSION_INIT3

/* Returns a number that changes when another connection commits, but not when this one does. */
static int64_t read_data_version(struct sqa_store *store) {
    sqlite3_stmt *pragma = sqa_vtab_statement(&store->base, SQA_STATEMENT_DATA_VERSION);
    const int64_t version =
        sqa_vtab_step(&store->base, pragma) ? sqlite3_column_int64(pragma, 0) : 0;
    sqa_vtab_reset(&store->base, pragma);
    return version;
}

/* Reads the totals from the headers of all chunks. */
static void read_totals(struct sqa_store *store, int64_t version) {
    struct sqa_totals *totals = &store->memory->totals;
    sqlite3_stmt *sums = sqa_vtab_statement(&store->base, SQA_STATEMENT_TOTALS);
    totals->known = sqa_vtab_step(&store->base, sums);
    if (totals->known) {
        totals->version = version;
        totals->chunks = sqlite3_column_double(sums, 0);
        totals->rows = sqlite3_column_double(sums, 1);
        for (int c = 0; c <= store->layout.columns; c++) {
            totals->columns[c].min = sqlite3_column_double(sums, 2 + 3 * c);
            totals->columns[c].max = sqlite3_column_double(sums, 3 + 3 * c);
            totals->columns[c].span = sqlite3_column_double(sums, 4 + 3 * c);
        }
    }
    sqa_vtab_reset(&store->base, sums);
}

const struct sqa_totals *sqa_totals_read(struct sqa_store *store) {
    struct sqa_totals *totals = &store->memory->totals;
    const int outer = sqa_status_begin(&store->base);
    (void)sqa_vtab_enter(&store->base);
    const int64_t version = read_data_version(store);
    if (!sqa_vtab_failed(&store->base) && (!totals->known || totals->version != version))
        read_totals(store, version);
    const int rc = sqa_status_end(&store->base, outer), code = rc & 0xff;
    if (code == SQLITE_NOMEM || code == SQLITE_IOERR || code == SQLITE_FULL ||
        code == SQLITE_INTERRUPT)
        (void)sqa_vtab_note(&store->base, rc);
    return rc == SQLITE_OK && totals->known ? totals : NULL;
}

void sqa_totals_add_chunk(struct sqa_store *store, int64_t n) {
    struct sqa_totals *totals = &store->memory->totals;
    totals->is_changed = true;
    totals->chunks++;
    totals->rows += (double)n;
}

/* The average span changes by the share of one chunk. */
void sqa_totals_add_range(struct sqa_store *store, int column, int64_t min, int64_t max) {
    struct sqa_totals *totals = &store->memory->totals;
    const double lo = (double)min, hi = (double)max;
    if (!totals->known)
        return;
    if (totals->chunks <= 1) {
        totals->columns[column + 1].min = lo;
        totals->columns[column + 1].max = hi;
        totals->columns[column + 1].span = hi - lo;
        return;
    }
    if (lo < totals->columns[column + 1].min)
        totals->columns[column + 1].min = lo;
    if (hi > totals->columns[column + 1].max)
        totals->columns[column + 1].max = hi;
    totals->columns[column + 1].span +=
        (hi - lo - totals->columns[column + 1].span) / totals->chunks;
}

void sqa_totals_remove_chunk(struct sqa_store *store, int64_t n) {
    struct sqa_totals *totals = &store->memory->totals;
    totals->is_changed = true;
    totals->chunks--;
    totals->rows -= (double)n;
}
