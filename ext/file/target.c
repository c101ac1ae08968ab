#include "file/posix.h"

#include "file/target.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

SQLITE_EXTENSION_INIT3

/* Returns the length of the path up to and including its last slash. */
static int directory_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (int)(slash + 1 - path);
}

static void find_directory(struct sqa_target *target, struct sqa_call *call) {
    const int length = directory_length(target->path);
    struct stat status;
    target->directory = length == 0 ? sqa_message(".") : sqa_message("%.*s", length, target->path);
    sqa_check_memory(call, target->directory);
    if (sqa_failed(call))
        return;
    if (sqa_stat(target->directory, &status) != 0) {
        sqa_fail_path(call, "write", target->path);
        return;
    }
    target->device = (uint64_t)status.st_dev;
    target->inode = (uint64_t)status.st_ino;
}

static void find_file(struct sqa_target *target, struct sqa_call *call) {
    const char *path = target->path;
    struct stat status;
    if (sqa_stat(path, &status) != 0) {
        if (errno != ENOENT)
            sqa_fail_path(call, "write", path);
        return;
    }
    if (!S_ISREG(status.st_mode))
        sqa_fail(call, "%.*s is not a regular file", sqa_excerpt(path, 150), path);
    /* checked here because rename() does not depend on the file's permissions */
    else if (access(path, W_OK) != 0)
        sqa_fail_path(call, "write", path);
    target->exists = true;
    target->mode = status.st_mode & 0777;
    target->owner = status.st_uid;
    target->group = status.st_gid;
}

void sqa_target_find(struct sqa_target *target, struct sqa_call *call, const char *path) {
    char resolved[PATH_MAX];
    struct stat status;
    *target = (struct sqa_target){.path = NULL};
    if (!sqa_failed(call) && sqa_lstat(path, &status) == 0 && S_ISLNK(status.st_mode)) {
        if (realpath(path, resolved) == NULL)
            sqa_fail_path(call, "write", path);
        path = resolved;
    }
    if (sqa_failed(call))
        return;
    target->path = sqa_message("%s", path);
    sqa_check_memory(call, target->path);
    if (!sqa_failed(call))
        find_directory(target, call);
    if (!sqa_failed(call))
        find_file(target, call);
    if (sqa_failed(call))
        sqa_target_clear(target);
}

void sqa_target_clear(struct sqa_target *target) {
    sqa_object_free(target->path);
    sqa_object_free(target->directory);
    *target = (struct sqa_target){.path = NULL};
}

bool sqa_target_same(const struct sqa_target *a, const struct sqa_target *b) {
    return a->device == b->device && a->inode == b->inode &&
           strcmp(a->path + directory_length(a->path), b->path + directory_length(b->path)) == 0;
}

char *sqa_target_temporary(const struct sqa_target *target) {
    uint64_t name;
    sqlite3_randomness(sizeof name, &name);
    return sqa_message("%.*s.array-%016llx.tmp", directory_length(target->path), target->path,
                       (unsigned long long)name);
}

void sqa_target_sync(const struct sqa_target *target, struct sqa_call *call) {
    const int fd = open(target->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && fsync(fd) != 0 && errno != EINVAL)
        sqa_fail_path(call, "sync the directory of", target->path);
    if (fd >= 0)
        (void)close(fd);
}
