#ifndef _WIN32
#define _GNU_SOURCE          /* NOLINT(bugprone-reserved-identifier): for sync_file_range() */
#define _FILE_OFFSET_BITS 64 /* NOLINT(bugprone-reserved-identifier): where off_t has 32 bits */

#include "file/system.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
** Since glibc 2.33 stat(), lstat() and fstat() are symbols with a new version, and a library that
** uses them does not load with an older glibc. The functions that they called before exist in all
** versions, but a program can link with them only by naming their symbol version, which is that of
** the first glibc for the machine. Their first argument is the version of struct stat, of which
** there is one on 64-bit machines. With SQLITE_CORE the code is part of a program, which has a
** matching glibc.
*/
#if defined(__GLIBC__) && defined(__LP64__) && !defined(SQLITE_CORE)
#if defined(__x86_64__)
#define FIRST_GLIBC  "GLIBC_2.2.5"
#define STAT_VERSION 1
#elif defined(__aarch64__)
#define FIRST_GLIBC  "GLIBC_2.17"
#define STAT_VERSION 0
#endif
#endif

#ifdef FIRST_GLIBC
__asm__(".symver __xstat64,__xstat64@" FIRST_GLIBC);
__asm__(".symver __lxstat64,__lxstat64@" FIRST_GLIBC);
__asm__(".symver __fxstat64,__fxstat64@" FIRST_GLIBC);
/* NOLINTBEGIN(bugprone-reserved-identifier) */
__attribute__((visibility("default"))) int __xstat64(int version, const char *path,
                                                     struct stat *status);
__attribute__((visibility("default"))) int __lxstat64(int version, const char *path,
                                                      struct stat *status);
__attribute__((visibility("default"))) int __fxstat64(int version, int fd, struct stat *status);
/* NOLINTEND(bugprone-reserved-identifier) */
#define STAT(path, status)  __xstat64(STAT_VERSION, path, status)
#define LSTAT(path, status) __lxstat64(STAT_VERSION, path, status)
#define FSTAT(fd, status)   __fxstat64(STAT_VERSION, fd, status)
#else
#define STAT(path, status)  stat(path, status)
#define LSTAT(path, status) lstat(path, status)
#define FSTAT(fd, status)   fstat(fd, status)
#endif

static struct sqa_file_status file_status_of(const struct stat *status) {
    return (struct sqa_file_status){.is_regular = S_ISREG(status->st_mode),
                                    .size = (uint64_t)status->st_size,
                                    .device = (uint64_t)status->st_dev,
                                    .inode = (uint64_t)status->st_ino,
                                    .mode = status->st_mode & 0777,
                                    .owner = status->st_uid,
                                    .group = status->st_gid};
}

bool sqa_system_find(const char *path, struct sqa_file_status *status) {
    struct stat found;
    if (STAT(path, &found) != 0)
        return false;
    *status = file_status_of(&found);
    return true;
}

bool sqa_system_look(int fd, struct sqa_file_status *status) {
    struct stat found;
    if (FSTAT(fd, &found) != 0)
        return false;
    *status = file_status_of(&found);
    return true;
}

_Static_assert(SQA_LONGEST_PATH >= PATH_MAX, "realpath() fills PATH_MAX bytes");

bool sqa_system_follow(const char **path, char resolved[SQA_LONGEST_PATH]) {
    struct stat found;
    if (LSTAT(*path, &found) != 0 || !S_ISLNK(found.st_mode))
        return true;
    if (realpath(*path, resolved) == NULL)
        return false;
    *path = resolved;
    return true;
}

bool sqa_system_may_write(const char *path) {
    return access(path, W_OK) == 0;
}

int sqa_system_open(const char *path) {
    return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int sqa_system_create(const char *path, unsigned mode) {
    return open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
}

void sqa_system_close(int fd) {
    (void)close(fd);
}

ptrdiff_t sqa_system_read(int fd, void *bytes, size_t size, uint64_t offset) {
    return pread(fd, bytes, size, (off_t)offset);
}

ptrdiff_t sqa_system_write(int fd, const void *bytes, size_t size, uint64_t offset) {
    return pwrite(fd, bytes, size, (off_t)offset);
}

void sqa_system_expect(int fd, uint64_t offset, uint64_t size) {
#ifdef POSIX_FADV_WILLNEED
    (void)posix_fadvise(fd, (off_t)offset, (off_t)size, POSIX_FADV_WILLNEED);
#else
    (void)fd, (void)offset, (void)size;
#endif
}

void sqa_system_write_behind(int fd, uint64_t offset, uint64_t size) {
#ifdef __linux__
    (void)sync_file_range(fd, (off_t)offset, (off_t)size, SYNC_FILE_RANGE_WRITE);
#else
    (void)fd, (void)offset, (void)size;
#endif
}

bool sqa_system_truncate(int fd, uint64_t size) {
    return ftruncate(fd, (off_t)size) == 0;
}

bool sqa_system_sync(int fd) {
    return fsync(fd) == 0;
}

bool sqa_system_adopt(int fd, const struct sqa_file_status *old) {
    (void)!fchown(fd, old->owner, old->group); /* only root may change the owner */
    return fchmod(fd, (mode_t)old->mode) == 0;
}

bool sqa_system_rename(const char *from, const char *to) {
    return rename(from, to) == 0;
}

void sqa_system_remove(const char *path) {
    (void)unlink(path);
}

bool sqa_system_sync_directory(const char *path) {
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return true; /* write permission for a directory does not include permission to read it */
    /* the error code of file systems that do not support it */
    const bool ok = fsync(fd) == 0 || errno == EINVAL;
    const int error = errno;
    (void)close(fd);
    errno = error;
    return ok;
}

int sqa_system_directory(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (int)(slash + 1 - path);
}

bool sqa_system_same_name(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

#endif
