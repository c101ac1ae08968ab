-- Every function of sqlite-array, with an example and its result. Written by `make docs`; run it with
--
--     sqlite3 -cmd '.load build/array' -cmd '.load build/array_file' :memory: <sql/api.sql

-------- Make and convert

-- array_of(v, ...)
-- array of the arguments; none: the empty array
SELECT array_to_json(array_of(3, 1, 2));
-- [3,1,2]

-- array_series(start, stop [, step])
-- start, start+step, ... up to stop inclusive; the wrong direction gives the empty array
SELECT array_to_json(array_series(1, 10, 3));
-- [1,4,7,10]

-- array_fill(n, v)
-- n times v
SELECT array_to_json(array_fill(3, 7));
-- [7,7,7]

-- array_random(n, lo, hi [, seed])
-- n integers uniform from lo to hi; with a seed the same everywhere
SELECT array_to_json(array_random(5, 1, 6, 42));
-- [5,1,2,3,1]

-- array_parse(text [, separator])
-- array from JSON (integers may be in quotes) or {...}, or from text split at the separator
SELECT array_to_json(array_parse('10; 20; 30', ';'));
-- [10,20,30]

-- array_from_blob(raw, dtype [, 'big'])
-- array from packed machine integers; dtype is int8 int16 int32 int64 uint8 uint16 uint32 or uint64; little-endian by default
SELECT array_to_json(array_from_blob(x'01000002', 'int16', 'big'));
-- [256,2]

-- array_to_blob(A, dtype [, 'big'])
-- packed machine integers; an element outside dtype is an error
SELECT hex(array_to_blob('[1,-2]', 'int16'));
-- 0100FEFF

-- array_from_npy(blob)
-- array from a NumPy .npy file of integers or bool, of any shape in C order
SELECT array_to_json(array_from_npy(array_to_npy('[1,-2,3]', 'int16')));
-- [1,-2,3]

-- array_npy_shape(blob)
-- the shape of a NumPy .npy file: the length of each dimension; empty for a single number
SELECT array_to_json(array_npy_shape(array_to_npy('[1,2,3,4,5,6]', 'int8', '[2,3]')));
-- [2,3]

-- array_to_npy(A [, dtype [, shape]])
-- NumPy .npy file; dtype int64 by default, one of array_from_blob's, or bool; the shape is the length by default, or an array whose product it is
SELECT substr(array_to_npy('[1,2]'), 11, 57);
-- {'descr': '<i8', 'fortran_order': False, 'shape': (2,), }

-- array_from_roaring(bitmap)
-- the set in a Roaring bitmap, in the portable format of 32 or 64 bits
SELECT array_to_json(array_from_roaring(array_to_roaring('[7,1,70000,7]')));
-- [1,7,70000]

-- array_to_roaring(A [, bits])
-- Roaring bitmap of the set of A, in the portable format; no element may be negative; bits is 32 or 64, by default 32 if all elements are below 2^32
SELECT hex(array_to_roaring('[1,2,5]'));
-- 3A300000010000000000020010000000010002000500

-- array_to_json(A [, 'quoted'])
-- JSON text with the JSON subtype; quoted: integers as strings, for JavaScript
SELECT array_to_json(array_of(1, 9007199254740993), 'quoted');
-- ["1","9007199254740993"]

-- array_to_text(A [, separator])
-- text; the separator is ',' by default
SELECT array_to_text('[1,2,3]', ' + ');
-- 1 + 2 + 3

-- array_width(A)
-- bytes per plain element: 1, 2, 4 or 8
SELECT array_width('[1,2,300]');
-- 2

-- array_pack(A)
-- the array with fewer bits per element, if that takes fewer bytes; every function reads it
SELECT length(array_series(1, 1000000)) || ' ' || length(array_pack(array_series(1, 1000000)));
-- 4000008 10755

-- array_unpack(A)
-- the array as plain elements
SELECT array_to_json(array_unpack(array_pack(array_fill(5, 3))));
-- [3,3,3,3,3]

-- array_bits(A)
-- stored bits per element, on average; NULL for the empty array
SELECT array_bits('[1,2,300]');
-- 16.0

-- array_valid(x)
-- 1 if x is a well-formed, canonical array blob, else 0; never an error
SELECT array_valid(array_of(1, 2)) || array_valid('[1,2]');
-- 10

-------- Access

-- array_length(A)
-- number of elements
SELECT array_length('[5,6,7]');
-- 3

-- array_get(A, i [, default])
-- element i; outside: the default or NULL
SELECT array_get('[5,6,7]', -1);
-- 7

-- array_first(A)
-- the first element or NULL
SELECT array_first('[5,6,7]');
-- 5

-- array_last(A)
-- the last element or NULL
SELECT array_last('[5,6,7]');
-- 7

-- array_slice(A, start [, stop [, step]])
-- elements start to stop inclusive, clamped; a negative step walks backwards
SELECT array_to_json(array_slice('[1,2,3,4,5]', -1, 1, -2));
-- [5,3,1]

-- array_head(A, n)
-- the first n elements; fewer if there are fewer
SELECT array_to_json(array_head('[5,6,7]', 2));
-- [5,6]

-- array_tail(A, n)
-- the last n elements; fewer if there are fewer
SELECT array_to_json(array_tail('[5,6,7]', 2));
-- [6,7]

-------- Elementwise

-- array_add(S, S)
-- sums
SELECT array_to_json(array_add('[1,2,3]', '[10,20,30]'));
-- [11,22,33]

-- array_sub(S, S)
-- differences
SELECT array_to_json(array_sub(10, '[1,2,3]'));
-- [9,8,7]

-- array_mul(S, S)
-- products
SELECT array_to_json(array_mul('[1,2,100]', 2));
-- [2,4,200]

-- array_div(S, S)
-- quotients, truncated as SQLite's /
SELECT array_to_json(array_div('[7,-7]', 2));
-- [3,-3]

-- array_mod(S, S)
-- remainders, with the sign of the dividend as SQLite's %
SELECT array_to_json(array_mod('[7,-7]', 4));
-- [3,-3]

-- array_floor_div(S, S)
-- quotients rounded down
SELECT array_to_json(array_floor_div('[7,-7]', 2));
-- [3,-4]

-- array_floor_mod(S, S)
-- remainders with the sign of the divisor
SELECT array_to_json(array_floor_mod('[7,-7]', 4));
-- [3,1]

-- array_pow(S, S)
-- powers; a negative exponent is an error
SELECT array_to_json(array_pow(2, '[0,1,10]'));
-- [1,2,1024]

-- array_least(S, S)
-- the smaller of each pair
SELECT array_to_json(array_least('[1,5,3]', '[4,2,6]'));
-- [1,2,3]

-- array_greatest(S, S)
-- the larger of each pair
SELECT array_to_json(array_greatest('[1,5,3]', 3));
-- [3,5,3]

-- array_neg(A)
-- the elements with the opposite sign
SELECT array_to_json(array_neg('[1,-2]'));
-- [-1,2]

-- array_abs(A)
-- absolute values
SELECT array_to_json(array_abs('[1,-2]'));
-- [1,2]

-- array_sign(A)
-- -1, 0 or 1
SELECT array_to_json(array_sign('[7,0,-9]'));
-- [1,0,-1]

-- array_clip(A, lo, hi)
-- each element limited to the range from lo to hi; an error if no integer is in it
SELECT array_to_json(array_clip('[1,5,9]', 1.5, 6));
-- [2,5,6]

-- array_bit_and(S, S)
-- bits set in both
SELECT array_to_json(array_bit_and('[12,10]', 6));
-- [4,2]

-- array_bit_or(S, S)
-- bits set in either
SELECT array_to_json(array_bit_or('[12,10]', 6));
-- [14,14]

-- array_bit_xor(S, S)
-- bits set in exactly one
SELECT array_to_json(array_bit_xor('[12,10]', 6));
-- [10,12]

-- array_bit_not(A)
-- bits inverted
SELECT array_to_json(array_bit_not('[0,5]'));
-- [-1,-6]

-- array_shl(S, S)
-- shifted left as SQLite's <<; bits shifted out at the top are lost
SELECT array_to_json(array_shl(1, '[0,4,40]'));
-- [1,16,1099511627776]

-- array_shr(S, S)
-- shifted right as SQLite's >>, the sign stays
SELECT array_to_json(array_shr('[256,-8]', 2));
-- [64,-2]

-- array_popcount(A)
-- number of bits set in the 64-bit value
SELECT array_to_json(array_popcount('[0,7,-1]'));
-- [0,3,64]

-- array_eval(expression, S, ...)
-- an expression in SQL's operators, in which letters name the arguments: a, b, ...; see below
SELECT array_to_json(array_eval('(a - b) * 100 / b', '[110,90]', '[100,100]'));
-- [10,-10]

-------- Masks

-- array_eq(S, S)
-- mask: equal
SELECT array_to_json(array_eq('[1,2,3]', 2));
-- [0,1,0]

-- array_ne(S, S)
-- mask: not equal
SELECT array_to_json(array_ne('[1,2,3]', 2));
-- [1,0,1]

-- array_lt(S, S)
-- mask: less
SELECT array_to_json(array_lt('[1,2,3]', 2));
-- [1,0,0]

-- array_le(S, S)
-- mask: less or equal
SELECT array_to_json(array_le('[1,2,3]', 2));
-- [1,1,0]

-- array_gt(S, S)
-- mask: greater
SELECT array_to_json(array_gt('[1,2,3]', 1.5));
-- [0,1,1]

-- array_ge(S, S)
-- mask: greater or equal
SELECT array_to_json(array_ge('[1,2,3]', 2));
-- [0,1,1]

-- array_between(A, lo, hi)
-- mask: from lo to hi
SELECT array_to_json(array_between('[1,5,9]', 2, 6.5));
-- [0,1,0]

-- array_isin(A, B)
-- mask: which elements of A are in B
SELECT array_to_json(array_isin('[1,2,3,4]', '[4,2]'));
-- [0,1,0,1]

-- array_not(M)
-- mask: where M is zero
SELECT array_to_json(array_not('[0,1,5]'));
-- [1,0,0]

-- array_where(M, S, S)
-- elements of the second argument where M is not zero, else of the third
SELECT array_to_json(array_where('[1,0,1]', '[10,20,30]', 0));
-- [10,0,30]

-- array_filter(A, M)
-- the elements where M is not zero
SELECT array_to_json(array_filter('[5,6,7]', '[1,0,1]'));
-- [5,7]

-- array_nonzero(A)
-- 1-based positions of the elements that are not zero
SELECT array_to_json(array_nonzero('[0,5,0,7]'));
-- [2,4]

-- array_any(M)
-- 1 if an element is not zero, else 0
SELECT array_any('[0,0,1]');
-- 1

-- array_all(M)
-- 1 if no element is zero, else 0
SELECT array_all('[0,0,1]');
-- 0

-- array_equal(A, B)
-- 1 if both have the same elements in the same order, else 0
SELECT array_equal('[1,2]', '{1,2}');
-- 1

-- array_compare(A, B)
-- -1, 0 or 1: element by element, then by length
SELECT array_compare('[1,2,3]', '[1,3]');
-- -1

-------- Reduce

-- array_sum(A)
-- sum; 0 for the empty array
SELECT array_sum('[1,2,3]');
-- 6

-- array_product(A)
-- product; 1 for the empty array
SELECT array_product('[2,3,4]');
-- 24

-- array_min(A)
-- the smallest element or NULL
SELECT array_min('[3,1,2]');
-- 1

-- array_max(A)
-- the largest element or NULL
SELECT array_max('[3,1,2]');
-- 3

-- array_avg(A)
-- arithmetic mean, REAL, or NULL
SELECT array_avg('[1,2,3,4]');
-- 2.5

-- array_median(A)
-- median, REAL, or NULL
SELECT array_median('[9,1,5]');
-- 5.0

-- array_var(A [, ddof])
-- variance, REAL; ddof, a count, is 1 (sample) by default; NULL if there are not more than ddof
SELECT array_var('[2,4,4,4,5,5,7,9]', 0);
-- 4.0

-- array_stddev(A [, ddof])
-- standard deviation, REAL: the root of array_var
SELECT array_stddev('[2,4,4,4,5,5,7,9]', 0);
-- 2.0

-- array_quantile(A, q)
-- quantile q from 0 to 1 with linear interpolation, REAL, or NULL
SELECT array_quantile('[1,2,3,4]', 0.25);
-- 1.75

-- array_mode(A)
-- the most frequent element, the smallest on a tie; NULL for the empty array
SELECT array_mode('[1,2,2,3,3]');
-- 2

-- array_argmin(A)
-- index of the first smallest element or NULL
SELECT array_argmin('[3,1,2,1]');
-- 2

-- array_argmax(A)
-- index of the first largest element or NULL
SELECT array_argmax('[3,1,2]');
-- 1

-- array_count(A, v)
-- how often v occurs
SELECT array_count('[1,2,2,3]', 2);
-- 2

-- array_distinct_count(A)
-- number of different elements
SELECT array_distinct_count('[1,2,2,3]');
-- 3

-- array_dot(A, B)
-- sum of the products; 0 for empty arrays
SELECT array_dot('[1,2,3]', '[4,5,6]');
-- 32

-- array_bincount(A [, minlength])
-- how often 0, 1, 2, ... occur; a negative element is an error
SELECT array_to_json(array_bincount('[0,3,3,1]'));
-- [1,1,0,2]

-- array_histogram(A, edges)
-- count of the elements in each bin [e1,e2); the last bin includes its upper edge, as in NumPy
SELECT array_to_json(array_histogram('[1,2,2,5,9]', '[0,2,5]'));
-- [1,3]

-- array_hash(A)
-- 64-bit XXH3 hash of the elements, the same on every platform and version
SELECT array_hash('[1,2,3]');
-- 2702638586475318901

-- array_sparkline(A [, width])
-- the elements drawn as text; more than width (60) are averaged
SELECT array_sparkline('[1,5,22,13,53]');
-- ▁▁▄▂█

-------- Scan

-- array_cumsum(A)
-- running sums
SELECT array_to_json(array_cumsum('[1,2,3,4]'));
-- [1,3,6,10]

-- array_cumprod(A)
-- running products
SELECT array_to_json(array_cumprod('[1,2,3,4]'));
-- [1,2,6,24]

-- array_cummin(A)
-- the smallest element so far
SELECT array_to_json(array_cummin('[3,5,1,2]'));
-- [3,3,1,1]

-- array_cummax(A)
-- the largest element so far
SELECT array_to_json(array_cummax('[3,1,5,2]'));
-- [3,3,5,5]

-- array_diff(A [, lag])
-- each element less the one lag (1) places before it
SELECT array_to_json(array_diff('[1,4,9,16]'));
-- [3,5,7]

-------- Order and search

-- array_sort(A [, 'asc' | 'desc'])
-- the elements sorted, ascending by default
SELECT array_to_json(array_sort('[3,1,2]', 'desc'));
-- [3,2,1]

-- array_argsort(A [, 'asc' | 'desc'])
-- 1-based positions of the elements in sorted order; equal elements keep their order
SELECT array_to_json(array_argsort('[30,10,20,10]'));
-- [2,4,3,1]

-- array_rank(A)
-- dense ranks: 1 for the smallest element, 2 for the next larger one
SELECT array_to_json(array_rank('[30,10,20,10]'));
-- [3,1,2,1]

-- array_topk(A, k [, 'asc' | 'desc'])
-- the k largest, largest first; 'asc': the k smallest, smallest first
SELECT array_to_json(array_topk('[5,9,1,7]', 2));
-- [9,7]

-- array_nth(A, k)
-- the k-th smallest element, from 1; outside: NULL
SELECT array_nth('[5,9,1,7]', 2);
-- 5

-- array_key(A)
-- BLOB that compares as array_compare does, for ORDER BY and indexes
SELECT hex(array_key('[1,-1]'));
-- 80000000000000017FFFFFFFFFFFFFFF

-- array_reverse(A)
-- the elements in reverse order
SELECT array_to_json(array_reverse('[1,2,3]'));
-- [3,2,1]

-- array_shuffle(A [, seed])
-- the elements in random order; with a seed the same everywhere
SELECT array_to_json(array_shuffle('[1,2,3,4,5]', 42));
-- [4,2,3,1,5]

-- array_sample(A, n [, seed])
-- n elements drawn without replacement, in the order drawn
SELECT array_to_json(array_sample('[1,2,3,4,5]', 2, 42));
-- [4,2]

-- array_is_sorted(A)
-- 1 if no element is smaller than the one before, else 0
SELECT array_is_sorted('[1,2,2,5]');
-- 1

-- array_contains(A, v)
-- 1 if an element equals v, else 0
SELECT array_contains('[5,6,7]', 6);
-- 1

-- array_position(A, v [, start])
-- index of the first v at or after start, else NULL
SELECT array_position('[5,6,5]', 5, 2);
-- 3

-- array_positions(A, v)
-- the indexes of all v
SELECT array_to_json(array_positions('[5,6,5]', 5));
-- [1,3]

-- array_search(A, S [, 'left' | 'right'])
-- index at which to insert S so that A stays sorted: before ('left') or after equal elements
SELECT array_to_json(array_search('[10,20,30]', '[5,20,99]'));
-- [1,2,4]

-- array_find(A, B)
-- index at which B first occurs as a run, else NULL
SELECT array_find('[1,2,1,2,3]', '[1,2,3]');
-- 3

-------- Sets

-- array_unique(A)
-- the set of A: its elements sorted, without duplicates
SELECT array_to_json(array_unique('[3,1,3,2]'));
-- [1,2,3]

-- array_distinct(A)
-- each element once, in the order of first occurrence
SELECT array_to_json(array_distinct('[3,1,3,2]'));
-- [3,1,2]

-- array_union(A, ...)
-- set of the elements of any argument
SELECT array_to_json(array_union('[3,1]', '[2,3]'));
-- [1,2,3]

-- array_intersect(A, ...)
-- set of the elements of all arguments
SELECT array_to_json(array_intersect('[3,1,2]', '[2,3,4]'));
-- [2,3]

-- array_except(A, ...)
-- set of the elements of A that no other argument has
SELECT array_to_json(array_except('[1,2,3,4]', '[2]', '[4,5]'));
-- [1,3]

-- array_symdiff(A, B)
-- set of the elements that exactly one argument has
SELECT array_to_json(array_symdiff('[1,2,3]', '[3,4]'));
-- [1,2,4]

-- array_union_count(A, B)
-- size of the union
SELECT array_union_count('[1,2,3]', '[3,4]');
-- 4

-- array_intersect_count(A, B)
-- size of the intersection
SELECT array_intersect_count('[1,2,3]', '[3,4]');
-- 1

-- array_contains_all(A, B)
-- 1 if A has every element of B, else 0 (PostgreSQL @>)
SELECT array_contains_all('[1,2,3]', '[3,1]');
-- 1

-- array_contains_any(A, B)
-- 1 if A has an element of B, else 0 (PostgreSQL &&)
SELECT array_contains_any('[1,2,3]', '[4,5]');
-- 0

-- array_jaccard(A, B)
-- size of the intersection divided by that of the union, REAL; 1.0 for two empty sets
SELECT array_jaccard('[1,2,3]', '[2,3,4]');
-- 0.5

-- array_match(A, query)
-- 1 if A satisfies a query such as 1 & (2 | !3), as in PostgreSQL's intarray, else 0
SELECT array_match('[1,4]', '1 & (2 | !3)');
-- 1

-------- Edit

-- array_append(A, v, ...)
-- A with the values added at the end
SELECT array_to_json(array_append('[1,2]', 3, 4));
-- [1,2,3,4]

-- array_prepend(A, v, ...)
-- A with the values, in their order, added at the start
SELECT array_to_json(array_prepend('[1,2]', 3, 4));
-- [3,4,1,2]

-- array_concat(A, ...)
-- the arrays one after the other
SELECT array_to_json(array_concat('[1,2]', '[3]', '[4,5]'));
-- [1,2,3,4,5]

-- array_insert(A, i, v, ...)
-- A with the values inserted: the first becomes element i of the result; -1 appends
SELECT array_to_json(array_insert('[1,2,3]', 2, 7, 8));
-- [1,7,8,2,3]

-- array_set_at(A, i, v)
-- A with v as element i
SELECT array_to_json(array_set_at('[1,2,3]', -1, 9));
-- [1,2,9]

-- array_remove(A, v, ...)
-- A without all occurrences of the values
SELECT array_to_json(array_remove('[1,2,3,2,1]', 2, 3));
-- [1,1]

-- array_remove_at(A, i [, n])
-- A without the n elements (1 by default) from i on; fewer if there are fewer
SELECT array_to_json(array_remove_at('[5,6,7,8]', 2, 2));
-- [5,8]

-- array_replace(A, old, new)
-- A with new in place of every occurrence of old
SELECT array_to_json(array_replace('[1,2,1]', 1, 300));
-- [300,2,300]

-- array_resize(A, n [, fill])
-- A with n elements: cut off at the end, or filled there (with 0 by default)
SELECT array_to_json(array_resize('[1,2]', 4));
-- [1,2,0,0]

-- array_rotate(A, n)
-- A rotated by n places to the right; negative: to the left
SELECT array_to_json(array_rotate('[1,2,3,4]', 1));
-- [4,1,2,3]

-- array_shift(A, n [, fill])
-- A shifted by n places to the right (negative: left); vacated places get fill, 0 by default
SELECT array_to_json(array_shift('[1,2,3]', 1));
-- [0,1,2]

-- array_repeat(A, n)
-- each element n times
SELECT array_to_json(array_repeat('[1,2]', 3));
-- [1,1,1,2,2,2]

-- array_tile(A, n)
-- the whole array n times
SELECT array_to_json(array_tile('[1,2]', 3));
-- [1,2,1,2,1,2]

-------- Gather, scatter, moving windows

-- array_take(A, I [, 'error' | 'clip' | 'skip'])
-- the elements at the indexes I; one outside is an error, the nearest end, or skipped
SELECT array_to_json(array_take('[5,6,7]', '[3,-3,3]'));
-- [7,5,7]

-- array_put(A, I, S)
-- A with S as the elements at the indexes I; the last one counts if an index repeats
SELECT array_to_json(array_put('[1,2,3]', '[1,-1]', '[8,9]'));
-- [8,2,9]

-- array_scatter_add(n, I, S)
-- n zeros with S added at the indexes I
SELECT array_to_json(array_scatter_add(3, '[1,3,3]', '[10,20,30]'));
-- [10,0,50]

-- array_moving_sum(A, w)
-- sums of each w neighbours
SELECT array_to_json(array_moving_sum('[1,2,3,4]', 2));
-- [3,5,7]

-- array_moving_min(A, w)
-- the smallest of each w neighbours
SELECT array_to_json(array_moving_min('[3,1,4,5]', 2));
-- [1,1,4]

-- array_moving_max(A, w)
-- the largest of each w neighbours
SELECT array_to_json(array_moving_max('[3,1,4,5]', 2));
-- [3,4,5]

-- array_convolve(A, B)
-- the full convolution, n+m-1 elements
SELECT array_to_json(array_convolve('[1,2,3]', '[1,1]'));
-- [1,3,5,3]

-------- Aggregates

-- array_agg(v)
-- array of the values, in the order of the rows
SELECT array_agg(value) FROM array_each('[3,1,2]');
-- [3,1,2]

-- array_unique_agg(v)
-- set of the values
SELECT array_unique_agg(value) FROM array_each('[3,1,3]');
-- [1,3]

-- array_concat_agg(A)
-- the arrays one after the other, in the order of the rows
WITH t(a) AS (VALUES ('[1,2]'), ('[3]')) SELECT array_concat_agg(a) FROM t;
-- [1,2,3]

-- array_sum_agg(A)
-- exact sums, element by element; all arrays must have the same length
WITH t(a) AS (VALUES ('[1,2]'), ('[10,20]')) SELECT array_sum_agg(a) FROM t;
-- [11,22]

-- array_min_agg(A)
-- the smallest, element by element; all arrays must have the same length
WITH t(a) AS (VALUES ('[1,5]'), ('[3,4]')) SELECT array_min_agg(a) FROM t;
-- [1,4]

-- array_max_agg(A)
-- the largest, element by element; all arrays must have the same length
WITH t(a) AS (VALUES ('[1,5]'), ('[3,4]')) SELECT array_max_agg(a) FROM t;
-- [3,5]

-- array_union_agg(A)
-- set of the elements of any row
WITH t(a) AS (VALUES ('[5,1]'), ('[3,1]')) SELECT array_union_agg(a) FROM t;
-- [1,3,5]

-- array_intersect_agg(A)
-- set of the elements that all rows have
WITH t(a) AS (VALUES ('[5,1]'), ('[3,1]')) SELECT array_intersect_agg(a) FROM t;
-- [1]

-------- Table-valued functions

-- array_each(A)
-- a row for each element: idx, value
SELECT idx, value FROM array_each('[5,6]');
-- 1|5
-- 2|6

-- array_zip(A, B [, C [, D]])
-- arrays side by side: idx, a, b, c, d; NULL after the end of a shorter array
SELECT a, b FROM array_zip('[1,2,3]', '[10,20]');
-- 1|10
-- 2|20
-- 3|

-- array_counts(A)
-- how often each element occurs: value, count, ascending by value
SELECT value, count FROM array_counts('[3,1,3]');
-- 1|1
-- 3|2

-- array_runs(A)
-- runs of equal neighbours: start, length, value
SELECT start, length, value FROM array_runs('[7,7,7,2,2]');
-- 1|3|7
-- 4|2|2

-- array_windows(A, size [, step])
-- complete windows: idx, value; idx is where the window starts
SELECT idx, array_to_json(value) FROM array_windows('[1,2,3,4]', 2);
-- 1|[1,2]
-- 2|[2,3]
-- 3|[3,4]

-- array_chunks(A, size)
-- pieces, of which the last may be shorter: idx, value; idx is 1, 2, 3, ...
SELECT idx, array_to_json(value) FROM array_chunks('[1,2,3]', 2);
-- 1|[1,2]
-- 2|[3]

-- array_bins(A, n)
-- a histogram for people to read, n bins of equal width: lo, hi, count, bar
SELECT lo, hi, count, bar FROM array_bins('[1,2,2,5]', 2);
-- 1.0|3.0|3|████████████████████████████████████████
-- 3.0|5.0|1|█████████████▍

-- array_explain(expression, S [, S [, S [, S [, S [, S]]]]])
-- the steps of array_eval: step, operation (of steps by their numbers), width in bytes to begin with, elements, bytes of scratch; the last one has all of them
SELECT step, operation, width, elements FROM array_explain('sum(a*2+b)', '[1,2]', '[400,500]');
-- 1|a|1|2
-- 2|2|1|1
-- 3|mul(1, 2)|1|2
-- 4|b|2|2
-- 5|add(3, 4)|2|2
-- 6|sum(5)||1

-- array_functions
-- the manual: name, kind, signature, summary, example, result
SELECT kind, signature FROM array_functions WHERE name = 'array_sum';
-- scalar|array_sum(A)

-------- Larger than memory

-- array_store(column, ... [, chunk=65536])
-- a table of integer columns kept as arrays; NAME_chunks is the table of these
CREATE VIRTUAL TABLE temp.ticks USING array_store(ts, price); INSERT INTO ticks VALUES (1, 100); INSERT INTO ticks VALUES ('[2,3]', '[90,95]'); SELECT ts, price FROM ticks WHERE price < 100;
-- 2|90
-- 3|95

-- NAME_chunks
-- made with the array_store NAME: a row for each of its chunks, with the arrays as they are kept, packed
CREATE VIRTUAL TABLE temp.prices USING array_store(ts, price); INSERT INTO prices VALUES ('[1,2,3]', '[100,90,95]'); SELECT chunk_rows, array_to_json(price), ts_min, ts_max FROM prices_chunks;
-- 3|[100,90,95]|1|3

-- array_index(table, column [, block=1000] [, log=262144])
-- the rows of a table by the elements of their arrays: an index that follows the table
CREATE TEMP TABLE article(id INTEGER PRIMARY KEY, tags); INSERT INTO article(tags) VALUES ('[7,9]'), ('[3,7]'), ('[9]'); CREATE VIRTUAL TABLE temp.article_tags USING array_index(article, tags); SELECT id, tags FROM article WHERE id IN article_tags('7 & !3');
-- 1|[7,9]

-- NAME_counts [(query)]
-- made with the array_index NAME: how many rows, of those that answer the query, have each value
CREATE TEMP TABLE paper(id INTEGER PRIMARY KEY, tags); INSERT INTO paper(tags) VALUES ('[7,9]'), ('[3,7]'), ('[9]'); CREATE VIRTUAL TABLE temp.paper_tags USING array_index(paper, tags); SELECT value, count FROM paper_tags_counts('7') ORDER BY count DESC, value;
-- 7|2
-- 3|1
-- 9|1

-------- Parts of large values

-- array_blob_length(schema, table, column, rowid)
-- number of elements of the array stored there, of which only the header is read
CREATE TEMP TABLE signal(a); INSERT INTO signal VALUES (array_series(1, 100000)); SELECT array_blob_length('temp', 'signal', 'a', 1);
-- 100000

-- array_blob_get(schema, table, column, rowid, i)
-- element i; outside: NULL
CREATE TEMP TABLE sound(a); INSERT INTO sound VALUES (array_series(1, 100000)); SELECT array_blob_get('temp', 'sound', 'a', 1, -1);
-- 100000

-- array_blob_slice(schema, table, column, rowid, start [, stop])
-- elements start to stop inclusive, clamped, of which no others are read
CREATE TEMP TABLE wave(a); INSERT INTO wave VALUES (array_series(1, 100000)); SELECT array_to_json(array_blob_slice('temp', 'wave', 'a', 1, 5000, 5003));
-- [5000,5001,5002,5003]

-- array_blob_set(schema, table, column, rowid, i, v)
-- makes v element i in place, if elements are wide enough for it; v
CREATE TEMP TABLE tone(a); INSERT INTO tone VALUES (array_of(5, 6, 7)); SELECT array_blob_set('temp', 'tone', 'a', 1, 2, 9); SELECT array_to_json(a) FROM tone;
-- 9
-- [5,9,7]

-------- Memory and settings

-- array_memory
-- what the memory of the extension is doing: name, value, unit, meaning
SELECT count(*) >= 12 FROM array_memory;
-- 1

-- array_limit('pool_bytes' | 'result_bytes' [, v])
-- the limit in force, after setting it if v is given
SELECT array_limit('pool_bytes');
-- 67108864

-- array_pool_trim()
-- frees what the pool keeps; the bytes freed
SELECT array_pool_trim() >= 0;
-- 1

-- array_isa()
-- the kernel set in use
SELECT array_isa() IN ('avx512', 'avx2', 'base');
-- 1

-- array_version()
-- the version of this library
SELECT array_version();
-- 0.1.0

-------- Files (the second library, build/array_file, which has no other functions)

-- array_file(path [, dtype [, chunk]])
-- a file's integers as arrays of at most chunk (65536) elements: idx, value, n; idx is the first one's index. A .npy file says what it holds, of any shape in C order; any other needs dtype, one of array_to_npy's. INSERT INTO array_file(path, value [, dtype]) writes files: the rows that a transaction gives a path become that file at COMMIT
SELECT idx, n, array_to_json(value) FROM array_file('sql/primes.npy', 'int16', 4) LIMIT 2;
-- 1|4|[2,3,5,7]
-- 5|4|[11,13,17,19]

-- array_file_read(path [, dtype [, chunk]])
-- the same rows, to be read by an INSERT INTO array_file: what a statement reads from the table that it writes is first copied to a temporary table by SQLite
INSERT INTO array_file(path, value) SELECT 'build/double.npy', array_mul(value, 2) FROM array_file_read('sql/primes.npy'); SELECT array_file_length('build/double.npy');
-- 100

-- array_file_length(path [, dtype])
-- number of elements in a file
SELECT array_file_length('sql/primes.npy');
-- 100

-- array_file_shape(path)
-- the shape of a .npy file: its dimensions' lengths, none of a single number
SELECT array_to_json(array_file_shape('sql/primes.npy'));
-- [100]

-- array_file_write(path, A [, dtype])
-- writes A to a file, a .npy file by that name, else packed integers; dtype int64 by default; the bytes written
SELECT array_file_write('build/odd.npy', '[1,3,5]', 'int16');
-- 134

-- array_file_append(path, A [, dtype])
-- the same behind what the file holds, in its type; one of several dimensions is refused; the bytes added
SELECT array_file_write('build/even.npy', '[2,4]') + array_file_append('build/even.npy', '[6,8]');
-- 160

-- array_file_limit('pool_bytes' | 'result_bytes' [, v])
-- array_limit of this library, which keeps memory of its own: array_limit bounds what build/array computes, this what array_file reads
SELECT array_file_limit('pool_bytes');
-- 67108864

-- array_file_functions
-- this manual, with the columns of array_functions
SELECT kind FROM array_file_functions WHERE name = 'array_file';
-- table
