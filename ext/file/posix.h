/*
** The POSIX interface to files. It must be included before all other headers, because the macros
** defined here decide what they declare.
*/
#ifndef SQA_POSIX_H
#define SQA_POSIX_H

#define _GNU_SOURCE          /* NOLINT(bugprone-reserved-identifier): for sync_file_range() */
#define _FILE_OFFSET_BITS 64 /* NOLINT(bugprone-reserved-identifier): where off_t has 32 bits */

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/*
** sqa_stat(), sqa_lstat() and sqa_fstat() are stat(), lstat() and fstat(). Since glibc 2.33 these
** are symbols with a new version, and a library that uses them does not load with an older glibc.
** The functions that they called before exist in all versions, but a program can link with them
** only by naming their symbol version. Their first argument is the version of struct stat, always
** 1 on 64-bit machines. With SQLITE_CORE the code is part of a program, which has a matching
** glibc.
*/
#if defined(__GLIBC__) && defined(__x86_64__) && defined(__LP64__) && !defined(SQLITE_CORE)
__asm__(".symver __xstat64,__xstat64@GLIBC_2.2.5");
__asm__(".symver __lxstat64,__lxstat64@GLIBC_2.2.5");
__asm__(".symver __fxstat64,__fxstat64@GLIBC_2.2.5");
int __xstat64(int version, const char *path,
              struct stat *status); /* NOLINT(bugprone-reserved-identifier) */
int __lxstat64(int version, const char *path,
               struct stat *status);                      /* NOLINT(bugprone-reserved-identifier) */
int __fxstat64(int version, int fd, struct stat *status); /* NOLINT(bugprone-reserved-identifier) */
#define sqa_stat(path, status)  __xstat64(1, path, status)
#define sqa_lstat(path, status) __lxstat64(1, path, status)
#define sqa_fstat(fd, status)   __fxstat64(1, fd, status)
#else
#define sqa_stat(path, status)  stat(path, status)
#define sqa_lstat(path, status) lstat(path, status)
#define sqa_fstat(fd, status)   fstat(fd, status)
#endif

#endif
