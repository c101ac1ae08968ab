#include "file/file_transaction.h"

#include <limits.h>
#include <string.h>

#include "core/npy.h"

SQLITE_EXTENSION_INIT3

struct sqa_pending_file {
    struct sqa_pending_file *next;
    char *name; /* the path in the first row of this file */
    struct sqa_output output;
};

/* How many files and elements had been written when a savepoint began. */
struct sqa_file_mark {
    struct sqa_file_mark *next;
    int level; /* SQLite's number of the savepoint */
    /* number of files at that time; files that came later precede them in the list */
    size_t count;
    uint64_t elements[]; /* number of elements of each of them, in the order of the list */
};

static void drop_first_file(struct sqa_file_transaction *t) {
    struct sqa_pending_file *file = t->files;
    if (t->current == file)
        t->current = NULL;
    t->files = file->next;
    t->count--;
    sqa_output_drop(&file->output);
    sqa_object_free(file->name);
    sqa_object_free(file);
}

/* Returns the file whose first row had this path, or NULL. */
static struct sqa_pending_file *find_name(const struct sqa_file_transaction *t, const char *path) {
    struct sqa_pending_file *file = t->current;
    if (file != NULL && strcmp(file->name, path) == 0)
        return file;
    for (file = t->files; file != NULL && strcmp(file->name, path) != 0;)
        file = file->next;
    return file;
}

/*
** Returns the file that another path has led to, because of links or relative paths. Returns NULL
** if there is none; then *target is the file that this path leads to.
*/
static struct sqa_pending_file *find_target(const struct sqa_file_transaction *t,
                                            struct sqa_call *call, const char *path,
                                            struct sqa_target *target) {
    struct sqa_pending_file *file = t->files;
    sqa_target_find(target, call, path);
    if (sqa_failed(call))
        return NULL;
    while (file != NULL && !sqa_target_same(&file->output.target, target))
        file = file->next;
    if (file != NULL)
        sqa_target_clear(target);
    return file;
}

/*
** Adds a file for the target, of which it becomes the owner, at the head of the list, and makes
** it the current file.
*/
static void make_file(struct sqa_file_transaction *t, struct sqa_call *call,
                      const struct sqa_file_row *row, struct sqa_target *target) {
    struct sqa_pending_file *file = sqa_object_new(sizeof *file);
    sqa_check_memory(call, file);
    if (file == NULL) {
        sqa_target_clear(target);
        return;
    }
    sqa_output_open(&file->output, call, target, row->dtype, NULL);
    file->next = t->files;
    t->current = t->files = file;
    t->count++;
    file->name = sqa_message("%s", row->path);
    sqa_check_memory(call, file->name);
    if (sqa_failed(call))
        drop_first_file(t);
}

/* Makes the file that the row belongs to the current file. Adds it if it is new. */
static void choose_file(struct sqa_file_transaction *t, struct sqa_call *call,
                        const struct sqa_file_row *row) {
    struct sqa_target target = {.path = NULL};
    struct sqa_pending_file *file = find_name(t, row->path);
    if (file == NULL)
        file = find_target(t, call, row->path, &target);
    if (file != NULL && file == t->current)
        return;
    if (t->current != NULL)
        sqa_output_pause(&t->current->output, call);
    if (sqa_failed(call)) {
        sqa_target_clear(&target);
        return;
    }
    t->current = file;
    if (file == NULL)
        make_file(t, call, row, &target);
}

uint64_t sqa_file_transaction_add(struct sqa_file_transaction *t, struct sqa_call *call,
                                  const struct sqa_file_row *row) {
    const size_t files = t->count;
    if (t->is_published) /* after a COMMIT that failed because the database was busy */
        sqa_fail(call, "the files of this transaction are in place, no row can follow");
    if (!sqa_failed(call))
        choose_file(t, call, row);
    if (sqa_failed(call))
        return 0;
    struct sqa_output *output = &t->current->output;
    const uint64_t first = output->count;
    if (row->dtype != SQA_NO_DTYPE && row->dtype != (int)output->dtype)
        sqa_fail(call, "dtype is %s, the rows of the path before are %s",
                 sqa_npy_dtypes[row->dtype], sqa_npy_dtypes[output->dtype]);
    sqa_output_add(output, call, &row->array);
    if (sqa_failed(call) && t->count > files)
        drop_first_file(t);
    else if (sqa_failed(call))
        sqa_output_rewind(output, first);
    return first;
}

void sqa_file_transaction_begin(struct sqa_file_transaction *t) {
    *t = (struct sqa_file_transaction){.is_open = true, .older = INT_MAX};
}

/* Drops the marks of all savepoints from this number on. */
static void drop_marks(struct sqa_file_transaction *t, int level) {
    while (t->marks != NULL && t->marks->level >= level) {
        struct sqa_file_mark *mark = t->marks;
        t->marks = mark->next;
        sqa_object_free(mark);
    }
}

/*
** Drops the marks of this savepoint and those inside it, which have ended. Their numbers will be
** used again.
*/
void sqa_file_transaction_release(struct sqa_file_transaction *t, int level) {
    drop_marks(t, level);
    if (t->older > level)
        t->older = level;
}

bool sqa_file_transaction_mark(struct sqa_file_transaction *t, int level) {
    sqa_file_transaction_release(t, level);
    struct sqa_file_mark *mark = sqa_object_new(sizeof *mark + t->count * sizeof mark->elements[0]);
    if (mark == NULL)
        return false;
    mark->level = level;
    mark->count = t->count;
    const struct sqa_pending_file *file = t->files;
    for (size_t i = 0; i < t->count; i++, file = file->next)
        mark->elements[i] = file->output.count;
    mark->next = t->marks;
    t->marks = mark;
    return true;
}

/*
** There may be no mark for the savepoint for two reasons. Either it began before the transaction,
** when nothing had been written. Or there was no memory for the mark; then the statement that
** created the savepoint has failed, and nothing has been written since.
*/
void sqa_file_transaction_rewind(struct sqa_file_transaction *t, int level) {
    drop_marks(t, level + 1);
    const struct sqa_file_mark *mark =
        t->marks != NULL && t->marks->level == level ? t->marks : NULL;
    if (t->is_published || (mark == NULL && level >= t->older))
        return;
    while (t->count > (mark == NULL ? 0 : mark->count))
        drop_first_file(t);
    struct sqa_pending_file *file = t->files;
    for (size_t i = 0; i < t->count; i++, file = file->next)
        sqa_output_rewind(&file->output, mark->elements[i]);
}

/* Reverses the list, so that the files are in the order in which they were added. */
static void reverse(struct sqa_file_transaction *t) {
    struct sqa_pending_file *reversed = NULL;
    while (t->files != NULL) {
        struct sqa_pending_file *file = t->files;
        t->files = file->next;
        file->next = reversed;
        reversed = file;
    }
    t->files = reversed;
}

void sqa_file_transaction_publish(struct sqa_file_transaction *t, struct sqa_call *call) {
    if (t->is_published)
        return;
    reverse(t);
    for (struct sqa_pending_file *f = t->files; f != NULL; f = f->next)
        sqa_output_sync(&f->output, call);
    for (struct sqa_pending_file *f = t->files; f != NULL; f = f->next)
        sqa_output_publish(&f->output, call);
    t->is_published = t->files != NULL && !sqa_failed(call);
}

void sqa_file_transaction_end(struct sqa_file_transaction *t) {
    while (t->files != NULL)
        drop_first_file(t);
    drop_marks(t, 0);
    t->is_open = false;
}
