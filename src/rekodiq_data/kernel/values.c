/* Plain values of cells, column by column. */

#include "common.h"

#include <math.h>

/* Ten to the powers of as many digits as are read together. */
static const int64_t whole_powers[] = {1,      10,      100,      1000,     10000,
                                       100000, 1000000, 10000000, 100000000};

/* Digits from `*at` on as a number; moves `*at` behind them. At most 18 of them. */
static inline uint64_t digits(bytes **at, bytes *end) {
    uint64_t found = 0;
    bytes *here = *at;
    for (; here < end && (uint8_t)(*here - '0') < 10; here++) found = found * 10 + (*here - '0');
    *at = here;
    return found;
}

/* Bytes behind the start of a number that may be looked at together, where there are so many. */
enum { AHEAD = 20 };

/* The number whose eight digits are the bytes of a word, the first in the lowest byte. */
static inline uint64_t joined(uint64_t word) {
    word = word * 10 + (word >> 8);
    return ((word & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064) +
            (word >> 16 & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001)) >>
           32;
}

/* How many of the eight bytes at `text` are digits, up to the first that is not; and the number
   that those of them within `length` are. */
static inline int64_t eight(bytes *text, int64_t length, uint64_t *value) {
    uint64_t word;
    memcpy(&word, text, 8);
    word ^= UINT64_C(0x3030303030303030); /* digits become 0 to 9 */
    const uint64_t high = UINT64_C(0x8080808080808080);
    const uint64_t others = ((word + UINT64_C(0x7676767676767676)) | word) & high;
    int64_t count = others ? __builtin_ctzll(others) >> 3 : 8;
    if (count > length) count = length;
    if (!count) return 0;
    *value = joined(word << (8 * (8 - count))); /* zeroes before the digits */
    return count;
}

/* The number that eight digits or fewer are, the first in the lowest byte and the rest zero; and
   whether they are digits: each byte is the digit's value. */
static inline int few_digits(uint64_t word, int64_t count, uint64_t *value) {
    const uint64_t high = UINT64_C(0x8080808080808080);
    if (((word + UINT64_C(0x7676767676767676)) | word) & high) return 0;
    *value = joined(word << (8 * (8 - count)));
    return 1;
}

/* An integer of 18 digits at most, which always fits. `far` says that AHEAD bytes are there. */
static inline int plain_integer(bytes *text, int32_t length, int far, int64_t *value) {
    bytes *at = text, *end = text + length;
    const int negative = length > 0 && *at == '-';
    uint64_t found = 0;
    at += negative;
    if (at == end || end - at > 18) return 0;
    if (far && end - at <= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        word = (word ^ UINT64_C(0x3030303030303030)) & KEPT(end - at);
        if (!few_digits(word, end - at, &found)) return 0;
    } else {
        found = digits(&at, end);
        if (at < end) return 0;
    }
    *value = negative ? -(int64_t)found : (int64_t)found;
    return 1;
}

/* A number of 15 digits at most: both they and the power of ten that divides them are doubles,
   so that the one division gives the double nearest to the text. */
static inline int plain_number(bytes *text, int32_t length, int far, double *value) {
    bytes *at = text, *end = text + length;
    const int negative = length > 0 && *at == '-';
    uint64_t found = 0;
    int64_t whole, fraction = 0;
    at += negative;
    if (end - at > 16) return 0;
    if (far && end - at <= 8 && end - at > 1) {
        /* All of it in one word, from which the point is taken out. */
        const int64_t size = end - at;
        uint64_t word;
        memcpy(&word, at, 8);
        word &= KEPT(size);
        const uint64_t other = word ^ UINT64_C(0x2E2E2E2E2E2E2E2E);
        const uint64_t points = (other - UINT64_C(0x0101010101010101)) & ~other &
                                UINT64_C(0x8080808080808080);
        whole = points ? __builtin_ctzll(points) >> 3 : size;
        fraction = points ? size - whole - 1 : 0;
        word ^= UINT64_C(0x3030303030303030) & KEPT(size);
        if (points) word = (word & KEPT(whole)) | (word >> 8 & ~KEPT(whole));
        if (!few_digits(word, whole + fraction, &found)) return 0;
    } else if (far && (whole = eight(at, end - at, &found)) < 8 && end - at - whole <= 9) {
        at += whole;
        if (at < end) {
            uint64_t behind = 0;
            if (*at != '.') return 0;
            at++;
            fraction = eight(at, end - at, &behind);
            if (at + fraction < end) return 0;
            found = found * (uint64_t)whole_powers[fraction] + behind;
        }
    } else {
        bytes *from = at;
        found = digits(&at, end);
        whole = at - from;
        if (at < end) {
            if (*at != '.') return 0;
            from = ++at;
            while (at < end && (uint8_t)(*at - '0') < 10) found = found * 10 + (*at++ - '0');
            fraction = at - from;
            if (at < end) return 0;
        }
    }
    /* The point stands between digits. */
    if (!whole || (end[-1] == '.') || whole + fraction > 15) return 0;
    const double size = (double)(int64_t)found / powers[fraction];
    *value = negative && found ? -size : size; /* 0.0 stands for -0.0 */
    return 1;
}

static const uint8_t month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

/* A day yyyy-mm-dd of the years 1 to 9999, as days since 1970-01-01. */
static inline int plain_date(bytes *text, int32_t length, int far, int32_t *value) {
    (void)far;
    if (length != 10 || text[4] != '-' || text[7] != '-') return 0;
    uint64_t word, date;
    uint16_t last;
    memcpy(&word, text, 8);
    memcpy(&last, text + 8, 2);
    /* Its eight digits side by side. */
    word = (word & 0xFFFFFFFF) | (word >> 8 & UINT64_C(0x0000FFFF00000000)) |
           (uint64_t)last << 48;
    if (!few_digits(word ^ UINT64_C(0x3030303030303030), 8, &date)) return 0;
    const int32_t year = (int32_t)(date / 10000);
    const int32_t month = (int32_t)(date / 100 % 100), day = (int32_t)(date % 100);
    if (!year || month < 1 || month > 12 || day < 1) return 0;
    if (day > 28) {
        const int leaps = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        if (day > month_days[month - 1] + (month == 2 && leaps)) return 0;
    }
    /* Years are counted from March, so that a leap day is the last of its year. */
    const int32_t since = month > 2 ? year : year - 1;
    const int32_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    *value = since * 365 + since / 4 - since / 100 + since / 400 + of_year - 719468;
    return 1;
}

/* --- columns ---------------------------------------------------------------------------------- */

enum { TEXT = 1, ENCODED, INTEGER, NUMBER, DATE };
enum { SOME = 256 }; /* records */

/* What lies in 16 bytes from a place on; zero behind `length`, and where the block ends. */
typedef struct {
    uint64_t one, other;
} Words;

/* A distinct text. */
typedef struct {
    Words words; /* its first bytes */
    int32_t start, length;
} Known;

typedef struct {
    int64_t kind;
    void *values;   /* TEXT: its bytes, and 16 more; ENCODED: int32; else by the kind */
    uint8_t *valid; /* a bit for each record, and up to 7 more */
    int32_t *aside; /* TEXT: offsets, one more than records; ENCODED: a record of each distinct
                       text; else the records whose cells are not plain */
    int32_t *table; /* ENCODED: `room` zeroes, a power of two over the number of records */
    int64_t room;
    Known *known; /* ENCODED: room for as many as there are records */
    union {
        int64_t whole;
        double size;
    } low, high;   /* found: the least and the greatest value, where there is one */
    int64_t nulls; /* found: cells that are missing or not plain */
    int64_t count; /* found: TEXT: bytes; ENCODED: distinct texts, -1 where they are too many to be
                      told apart quickly; else cells that are not plain */
} Column;

typedef struct {
    bytes *data;
    int64_t size;
    uint8_t quote;
    const int32_t *starts, *lengths;
    int64_t from, to; /* the records at hand, the first one of a number that 8 divides */
} Cells;

static inline int32_t start_of(const Cells *cells, int64_t record) {
    const int32_t start = cells->starts[record];
    return start < 0 ? ~start : start;
}

/* For each record at hand, `DO` with its `record`, `length` and `start`, which may say that it is
   not `valid`; the bits are written eight at a time. */
#define EACH_RECORD(DO)                                                                         \
    int64_t absent = 0;                                                                         \
    for (int64_t first = cells->from; first < cells->to; first += 8) {                          \
        const int64_t last = first + 8 < cells->to ? first + 8 : cells->to;                     \
        unsigned bits = 0;                                                                      \
        for (int64_t record = first; record < last; record++) {                                 \
            const int32_t length = cells->lengths[record];                                      \
            const int32_t start = start_of(cells, record);                                      \
            int valid = length >= 0;                                                            \
            DO bits |= (unsigned)valid << (record - first);                                     \
            absent += !valid;                                                                   \
        }                                                                                       \
        column->valid[first >> 3] = (uint8_t)bits;                                              \
    }                                                                                           \
    column->nulls += absent;

/* The text of a cell to `out`; gives its bytes. */
static inline int64_t copied(const Cells *cells, int64_t record, int32_t start, int32_t length,
                             uint8_t *out) {
    bytes *text = cells->data + start;
    if (cells->starts[record] < 0) {
        int64_t used = 0;
        for (int32_t at = 0; at < length; at++) {
            out[used++] = text[at];
            at += text[at] == cells->quote; /* the second of a pair */
        }
        return used;
    }
    if (length <= 16 && start + INT64_C(16) <= cells->size)
        memcpy(out, text, 16); /* what is too much is written over, or room to spare */
    else
        memcpy(out, text, (size_t)length);
    return length;
}

static void fill_text(const Cells *cells, Column *column) {
    uint8_t *out = column->values;
    int64_t used = column->count;
    EACH_RECORD({
        column->aside[record] = (int32_t)used;
        if (valid) used += copied(cells, record, start, length, out + used);
    })
    column->aside[cells->to] = (int32_t)used;
    column->count = used;
}

static inline Words words_at(const Cells *cells, int64_t start, int64_t length) {
    Words found = {0, 0};
    uint8_t last[16] = {0};
    bytes *from = cells->data + start;
    if (start + 16 > cells->size) {
        memcpy(last, from, (size_t)(length < 16 ? length : 16));
        from = last;
    }
    memcpy(&found.one, from, 8);
    memcpy(&found.other, from + 8, 8);
    found.one &= KEPT(length);
    found.other &= length > 8 ? KEPT(length - 8) : 0;
    return found;
}

static inline uint64_t mixed(uint64_t hash, Words words) {
    hash = (hash ^ words.one) * UINT64_C(0xC2B2AE3D27D4EB4F);
    hash ^= hash >> 29;
    hash = (hash ^ words.other) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

static uint64_t mixed_rest(uint64_t hash, const Cells *cells, int64_t start, int64_t length) {
    for (; length > 0; start += 16, length -= 16)
        hash = mixed(hash, words_at(cells, start, length));
    return hash;
}

/* The place of a text among the distinct ones, which may become one more; -1 without patience. */
static inline int32_t place_of(const Cells *cells, Column *column, int64_t record, int32_t start,
                               int32_t length, int32_t *distinct, int64_t *patience) {
    const uint64_t within = (uint64_t)column->room - 1;
    const Words words = words_at(cells, start, length);
    uint64_t hash = mixed((uint64_t)length, words);
    if (length > 16) hash = mixed_rest(hash, cells, start + 16, length - 16);
    for (uint64_t place = hash & within;; place = (place + 1) & within) {
        const int32_t number = column->table[place]; /* counted from 1: 0 is a free place */
        if (!number) {
            column->aside[*distinct] = (int32_t)record;
            column->known[*distinct] = (Known){words, start, length};
            return (column->table[place] = ++*distinct) - 1;
        }
        const Known *known = column->known + number - 1;
        if (known->words.one == words.one && known->words.other == words.other &&
            known->length == length &&
            (length <= 16 || !memcmp(cells->data + known->start + 16, cells->data + start + 16,
                                     (size_t)length - 16)))
            return number - 1;
        if (!--*patience) return -1;
    }
}

static void fill_encoded(const Cells *cells, Column *column) {
    int32_t *out = column->values;
    int64_t patience = 16 * SOME; /* texts chosen to collide must not take long */
    int32_t distinct = (int32_t)column->count;
    if (distinct < 0) return;
    EACH_RECORD({
        out[record] = valid ? place_of(cells, column, record, start, length, &distinct, &patience)
                            : 0;
        if (out[record] < 0) {
            column->count = -1;
            return;
        }
    })
    column->count = distinct;
}

#define FILL(NAME, TYPE, SIDE, READ)                                                            \
    static void NAME(const Cells *cells, Column *column) {                                      \
        TYPE *out = column->values;                                                             \
        TYPE low = (TYPE)column->low.SIDE, high = (TYPE)column->high.SIDE;                      \
        int64_t odd = column->count;                                                            \
        EACH_RECORD({                                                                           \
            const int far = start + (int64_t)AHEAD <= cells->size;                              \
            TYPE value = 0;                                                                     \
            if (valid && !READ(cells->data + start, length, far, &value)) {                     \
                column->aside[odd++] = (int32_t)record;                                         \
                value = 0;                                                                      \
                valid = 0;                                                                      \
            }                                                                                   \
            low = valid && value < low ? value : low;                                           \
            high = valid && value > high ? value : high;                                        \
            out[record] = value;                                                                \
        })                                                                                      \
        column->low.SIDE = low;                                                                 \
        column->high.SIDE = high;                                                               \
        column->count = odd;                                                                    \
    }

FILL(fill_integers, int64_t, whole, plain_integer)
FILL(fill_numbers, double, size, plain_number)
FILL(fill_dates, int32_t, whole, plain_date)

/* Values of the columns of a block that `rk_cut` has cut, each of the kind that it states; what
   is found is added to `nulls` and `count`, which begin as 0.

   Columns take turns, so that the bytes of some records stay in the nearest cache for all. */
API void rk_fill(bytes *data, int64_t size, uint8_t quote, const int32_t *starts,
                 const int32_t *lengths, int64_t most, int64_t records, Column *columns,
                 int64_t width) {
    for (int64_t at = 0; at < width; at++) {
        if (columns[at].kind == NUMBER) {
            columns[at].low.size = INFINITY;
            columns[at].high.size = -INFINITY;
        } else {
            columns[at].low.whole = columns[at].kind == DATE ? INT32_MAX : INT64_MAX;
            columns[at].high.whole = columns[at].kind == DATE ? INT32_MIN : INT64_MIN;
        }
    }
    for (int64_t from = 0; from < records || !from; from += SOME) {
        for (int64_t at = 0; at < width; at++) {
            Column *column = columns + at;
            const Cells cells = {data, size, quote, starts + at * most, lengths + at * most,
                                 from, from + SOME < records ? from + SOME : records};
            switch (column->kind) {
                case TEXT: fill_text(&cells, column); break;
                case ENCODED: fill_encoded(&cells, column); break;
                case INTEGER: fill_integers(&cells, column); break;
                case NUMBER: fill_numbers(&cells, column); break;
                case DATE: fill_dates(&cells, column); break;
            }
        }
    }
}
