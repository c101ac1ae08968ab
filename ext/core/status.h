/*
** The errors, as numbers and as messages for users.
**
** Every function that can fail returns an enum sqa_status, which is 0 for SQA_OK, and stores the
** values for the message in a struct sqa_error, which the caller owns and which needs no freeing.
*/
#ifndef SQA_STATUS_H
#define SQA_STATUS_H

#include <stddef.h>
#include <stdint.h>

/* X(name, text): text is a printf format for error->a (%lld) and error->b (%lld or %llu). */
#define SQA_STATUS_LIST(X)                                                                         \
    X(SQA_OK, "no error")                                                                          \
    /* the environment */                                                                          \
    X(SQA_NOMEM, "out of memory")                                                                  \
    X(SQA_TOOBIG, "result of %lld bytes is over the limit of %lld")                                \
    X(SQA_INTERRUPT, "interrupted")                                                                \
    /* a BLOB that is not an array: a is the size of the BLOB */                                   \
    X(SQA_SHORT_HEADER, "BLOB of %lld bytes, shorter than the 8-byte header")                      \
    X(SQA_BAD_MAGIC, "BLOB of %lld bytes that does not begin with A1 41")                          \
    X(SQA_BAD_CODEC, "unsupported array codec %lld")                                               \
    X(SQA_BAD_WIDTH, "BLOB with element width %lld, expected 1, 2, 4 or 8")                        \
    X(SQA_BAD_SIZE, "BLOB of %lld bytes, its header says %lld")                                    \
    X(SQA_BAD_BLOCK, "BLOB whose packed block %lld is damaged")                                    \
    /* a text that is not an array: a is the byte offset, from 1 */                                \
    X(SQA_TEXT_EMPTY, "empty text, expected [1,2,3] or {1,2,3}")                                   \
    X(SQA_TEXT_START, "expected '[' or '{' at byte %lld")                                          \
    X(SQA_TEXT_NUMBER, "expected an integer at byte %lld")                                         \
    X(SQA_TEXT_FRACTION, "number with a fraction at byte %lld, expected an integer")               \
    X(SQA_TEXT_EXPONENT, "number with an exponent at byte %lld, expected an integer")              \
    X(SQA_TEXT_ZERO, "number with a leading zero at byte %lld, expected none")                     \
    X(SQA_TEXT_PLUS, "number with a plus sign at byte %lld, expected none")                        \
    X(SQA_TEXT_NESTED, "array inside the array at byte %lld, expected an integer")                 \
    X(SQA_TEXT_QUOTE, "expected the closing quote at byte %lld")                                   \
    X(SQA_TEXT_NULL, "null at byte %lld, an array holds no NULL")                                  \
    X(SQA_TEXT_RANGE, "integer out of the 64-bit range at byte %lld")                              \
    X(SQA_TEXT_SEPARATOR, "expected a separator at byte %lld")                                     \
    X(SQA_TEXT_COMMA, "expected ',' or the closing bracket at byte %lld")                          \
    X(SQA_TEXT_UNCLOSED, "text ends at byte %lld without the closing bracket")                     \
    X(SQA_TEXT_TRAILING, "text goes on after the array at byte %lld")                              \
    /* a text that is not a query: a is the byte offset, from 1 */                                 \
    X(SQA_QUERY_EMPTY, "empty query, expected such as 1 & (2 | !3)")                               \
    X(SQA_QUERY_OPERAND, "expected an integer, '!' or '(' at byte %lld")                           \
    X(SQA_QUERY_OPERATOR, "expected '&' or '|' at byte %lld")                                      \
    X(SQA_QUERY_CLOSED, "query ends at byte %lld without the closing ')'")                         \
    X(SQA_QUERY_SIZE, "query is too long at byte %lld")                                            \
    /* a text that is no expression: a is the byte offset, from 1 */                               \
    X(SQA_EXPRESSION_OPERAND, "expected an integer, a letter, a function or '(' at byte %lld")     \
    X(SQA_EXPRESSION_OPERATOR, "expected an operator or the end at byte %lld")                     \
    X(SQA_EXPRESSION_END, "expected the end at byte %lld, behind what is outermost")               \
    X(SQA_EXPRESSION_OPEN, "expected '(' at byte %lld")                                            \
    X(SQA_EXPRESSION_CLOSE, "expected an operator or ')' at byte %lld")                            \
    X(SQA_EXPRESSION_COMMA, "expected an operator or ',' at byte %lld")                            \
    X(SQA_EXPRESSION_AND, "expected an operator or AND at byte %lld")                              \
    X(SQA_EXPRESSION_LIST, "expected a letter or '(' after IN at byte %lld")                       \
    X(SQA_EXPRESSION_BETWEEN, "expected BETWEEN or IN after NOT at byte %lld")                     \
    X(SQA_EXPRESSION_LETTER, "the letter at byte %lld names no argument, of which there are %lld") \
    X(SQA_EXPRESSION_FUNCTION,                                                                     \
      ("unknown word at byte %lld, expected abs, clip, floor_div, floor_mod, greatest, least, "    \
       "popcount, pow, sign or where; outermost also all, any, argmax, argmin, avg, count, "       \
       "filter, max, min or sum"))                                                                 \
    X(SQA_EXPRESSION_INSIDE, "the function at byte %lld can only be the outermost")                \
    X(SQA_EXPRESSION_SIZE, "expression is too long at byte %lld")                                  \
    X(SQA_EXPRESSION_DEEP, "expression is nested too deeply at byte %lld")                         \
    X(SQA_EXPRESSION_SCRATCH, "more than 16 blocks of scratch memory are needed at byte %lld")     \
    X(SQA_EXPRESSION_ARRAY, "expected an array at byte %lld, not an integer")                      \
    X(SQA_EXPRESSION_INTEGER, "expected an integer at byte %lld, not an array")                    \
    X(SQA_EXPRESSION_BOUNDS, "lo is greater than hi (%lld and %lld given)")                        \
    /* arithmetic: a is the number of the element, from 1 */                                       \
    X(SQA_OVERFLOW, "integer overflow at element %lld")                                            \
    X(SQA_RESULT_OVERFLOW, "integer overflow of the result")                                       \
    X(SQA_DIVISION, "division by zero at element %lld")                                            \
    X(SQA_EXPONENT, "negative exponent at element %lld")                                           \
    X(SQA_LENGTHS, "length mismatch: %lld and %lld")                                               \
    X(SQA_RANGE, "element %lld is %lld, outside the range of the type")                            \
    /* b is an unsigned 64-bit integer */                                                          \
    X(SQA_UNSIGNED, "element %lld is %llu, SQL integers end at 9223372036854775807")               \
    /* machine integers: a is the size in bytes, b the bytes of an element */                      \
    X(SQA_INTS_SIZE, "%lld bytes are not a whole number of elements of %lld bytes")                \
    /* .npy files */                                                                               \
    X(SQA_NPY_MAGIC, "not a .npy file, which begins with 93 4E 55 4D 50 59")                       \
    X(SQA_NPY_VERSION, ".npy version %lld.%lld, expected 1.0, 2.0 or 3.0")                         \
    X(SQA_NPY_SHORT, "%lld bytes are not all of the .npy header, which has at least %lld")         \
    X(SQA_NPY_LONG, ".npy header of %lld bytes, more than %lld")                                   \
    X(SQA_NPY_SYNTAX, ".npy header not understood at byte %lld")                                   \
    X(SQA_NPY_TYPE, "dtype is not an integer type")                                                \
    X(SQA_NPY_DIMENSIONS, "shape has more than %lld dimensions")                                   \
    X(SQA_NPY_LENGTH, "dimension %lld of the shape is longer than 9223372036854775807")            \
    X(SQA_NPY_FORTRAN, "elements of %lld dimensions are in Fortran order, expected C order")       \
    X(SQA_NPY_SIZE, "%lld bytes, the .npy header says %lld")                                       \
    /* a Roaring bitmap: a is the number of the wrong byte, from 1 */                              \
    X(SQA_ROARING, "not a Roaring bitmap in the portable format, as byte %lld shows")              \
    /* arguments: the message is in the call, see sqa_fail() in sql/call.h */                      \
    X(SQA_ARGUMENT, "bad argument")                                                                \
    /* an elementwise computation continues in the next width; not an error */                     \
    X(SQA_WIDEN, "result needs wider elements")

#define X(name, text) name,
enum sqa_status { SQA_STATUS_LIST(X) };
#undef X

/*
** The values for the message of a failure, see the list above. A value that the message does not
** use is undefined.
*/
struct sqa_error {
    int64_t a, b;
};

#if defined(__GNUC__)
#define SQA_MUST_CHECK __attribute__((warn_unused_result))
#else
#define SQA_MUST_CHECK
#endif

/* Writes the message of a status to dst, which has `size` bytes. It ends with a NUL if size > 0. */
void sqa_status_text(enum sqa_status status, const struct sqa_error *error, char *dst, size_t size);

#endif
