/* What the parts of the kernel share.

   The kernel cuts blocks of regular CSV into cells, reads the plain values in them, and writes
   plain values as text. It takes only what leaves no doubt, and says so of all else: a block that
   is not regular is for the csv module, a cell that is not plain for the exact reader of its type.
   So it knows no rule of its own; it is a quick form of rules that stand elsewhere, and tests hold
   the two equal on any bytes.

   Nothing here allocates, and no function writes outside of the arrays that it is given: who calls
   it makes them large enough, as the comment of each function says. Plain C11, called by ctypes,
   without any header of Python's: one library for all its versions. */

#ifndef KERNEL_COMMON_H
#define KERNEL_COMMON_H

#include <float.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "bytes are taken together as numbers: without this file, Arrow and numpy do its work"
#endif

#if FLT_EVAL_METHOD != 0
#error "one division has to round once: without this file, numbers are read by Arrow"
#endif

#define API __attribute__((visibility("default")))

typedef const uint8_t bytes;

/* The lowest bytes of a word: all of them from eight on. */
#define KEPT(COUNT) ((COUNT) < 8 ? (UINT64_C(1) << (8 * (COUNT))) - 1 : ~UINT64_C(0))

/* Ten to the powers that a double holds exactly. */
static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* How CSV is cut. */
typedef struct {
    uint8_t delimiter, quote; /* the delimiter twice where nothing is quoted */
    int64_t missing;          /* how many texts mean "missing" */
    bytes *missing_texts;     /* one after the other */
    const int32_t *missing_ends;
} Form;

/* A bit for each of 64 bytes at which cells may begin or end. */
static inline uint64_t marks(bytes *data, const Form *form) {
    uint64_t found = 0;
#if defined(__SSE2__)
    const __m128i delimiter = _mm_set1_epi8((char)form->delimiter);
    const __m128i quote = _mm_set1_epi8((char)form->quote);
    const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    for (int part = 0; part < 4; part++) {
        const __m128i some = _mm_loadu_si128((const __m128i *)(data + 16 * part));
        const __m128i here =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(some, delimiter), _mm_cmpeq_epi8(some, lf)),
                         _mm_or_si128(_mm_cmpeq_epi8(some, quote), _mm_cmpeq_epi8(some, cr)));
        found |= (uint64_t)(uint32_t)_mm_movemask_epi8(here) << (16 * part);
    }
#else
    for (int at = 0; at < 64; at++) {
        const uint8_t byte = data[at];
        const int here =
            byte == form->delimiter || byte == form->quote || byte == '\n' || byte == '\r';
        found |= (uint64_t)here << at;
    }
#endif
    return found;
}

/* Those of the 64 bytes from `base` that lie within `size`. */
static inline uint64_t marks_at(bytes *data, int64_t size, int64_t base, const Form *form) {
    if (base + 64 <= size) return marks(data + base, form);
    if (base >= size) return 0;
    const int64_t left = size - base;
    uint8_t last[64] = {0};
    memcpy(last, data + base, (size_t)left);
    return marks(last, form) & ((UINT64_C(1) << left) - 1);
}

#endif
