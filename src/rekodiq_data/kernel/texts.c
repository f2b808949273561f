/* Values as text: numbers, lines of canonical CSV, and numbers that tell texts apart. */

#include "common.h"

static inline int is_valid(const uint8_t *valid, int64_t at) {
    return !valid || (valid[at >> 3] >> (at & 7) & 1);
}

/* The decimal digits of a number to `out`, `least` of them or more; gives how many. */
static inline int64_t written(uint64_t number, int64_t least, uint8_t *out) {
    uint8_t reversed[20];
    int64_t count = 0;
    for (; number || count < least; number /= 10) reversed[count++] = (uint8_t)('0' + number % 10);
    for (int64_t at = 0; at < count; at++) out[at] = reversed[count - 1 - at];
    return count;
}

/* How many places behind the point a number has, and all its digits as a whole number; -1 where
   it has more than 15 digits or places. `guess` is tried first.

   A whole number below 10^15 and the power of ten that divides it are doubles. Where their
   quotient, rounded once, is the number, it is what the decimal text reads back as; and no other
   text of 15 digits is, so that this is the shortest. */
static inline int64_t places_of(double size, int64_t guess, uint64_t *whole) {
    for (int64_t places = guess; places <= 15; places++) {
        const double scaled = size * powers[places] + 0.5;
        if (!(scaled < 1e15)) break;
        uint64_t found = (uint64_t)(int64_t)scaled;
        if ((double)(int64_t)found / powers[places] != size) continue;
        for (; places && found % 10 == 0; places--) found /= 10;
        *whole = found;
        return places;
    }
    return -1;
}

/* The shortest texts of numbers, as `lexical.number_text` writes them.

   values, valid: those of `count` numbers from `first` on.
   offsets: one more than there are numbers. out: 24 bytes for each number. odd: the numbers that
       are not written: beyond 15 digits, too small or too large to be written plainly, or none.

   Gives how many are odd. */
API int64_t rk_number_texts(const double *values, const uint8_t *valid, int64_t first,
                            int64_t count, int32_t *offsets, uint8_t *out, int32_t *odd) {
    int64_t used = 0, left = 0, guess = 0;
    for (int64_t at = 0; at < count; at++) {
        offsets[at] = (int32_t)used;
        if (!is_valid(valid, first + at)) continue;
        const double value = values[first + at], size = value < 0 ? -value : value;
        uint64_t whole = 0;
        int64_t places = 0;
        if (size != 0 && (!(size >= 1e-6) || !(size < 1e15) ||
                          ((places = places_of(size, guess, &whole)) < 0 &&
                           (places = places_of(size, 0, &whole)) < 0))) {
            odd[left++] = (int32_t)at;
            continue;
        }
        guess = places;
        if (value < 0) out[used++] = '-';
        const int64_t digits = written(whole, places + 1, out + used);
        if (places) {
            memmove(out + used + digits - places + 1, out + used + digits - places,
                    (size_t)places);
            out[used + digits - places] = '.';
        }
        used += digits + (places > 0);
    }
    offsets[count] = (int32_t)used;
    return left;
}

typedef struct {
    const int32_t *offsets;
    bytes *data;
    const uint8_t *valid;
    int64_t first;   /* the record at which the column begins */
    bytes *missing;  /* what stands for a missing text */
    int64_t missing_size;
} Texts;

/* Whether a text has to stand in quotes. */
static int is_special(bytes *text, int64_t size) {
    for (int64_t at = 0; at < size; at++)
        if (text[at] == ',' || text[at] == '"' || text[at] == '\n' || text[at] == '\r') return 1;
    return 0;
}

/* Whether some text of a column has to. */
static int has_special(const Texts *column, int64_t records) {
    static const Form form = {',', '"', 0, 0, 0};
    bytes *data = column->data + column->offsets[column->first];
    const int64_t size = column->offsets[column->first + records] -
                         column->offsets[column->first];
    for (int64_t base = 0; base < size; base += 64)
        if (marks_at(data, size, base, &form)) return 1;
    return 0;
}

/* Lines of canonical CSV. special: room for a flag for each column. out: room for all texts,
   each quote in them once more, what stands for the missing ones, and three bytes more for each
   cell. Gives the bytes used. */
API int64_t rk_lines(const Texts *columns, int64_t width, int64_t records, uint8_t *special,
                     uint8_t *out) {
    int64_t used = 0;
    for (int64_t at = 0; at < width; at++)
        special[at] = (uint8_t)has_special(columns + at, records);
    for (int64_t record = 0; record < records; record++) {
        for (int64_t at = 0; at < width; at++) {
            const Texts *column = columns + at;
            const int64_t here = column->first + record;
            bytes *text = column->missing;
            int64_t size = column->missing_size;
            if (at) out[used++] = ',';
            if (is_valid(column->valid, here)) {
                text = column->data + column->offsets[here];
                size = column->offsets[here + 1] - column->offsets[here];
                if (special[at] && is_special(text, size)) {
                    out[used++] = '"';
                    for (int64_t byte = 0; byte < size; byte++) {
                        out[used++] = text[byte];
                        if (text[byte] == '"') out[used++] = '"';
                    }
                    out[used++] = '"';
                    continue;
                }
            }
            memcpy(out + used, text, (size_t)size);
            used += size;
            if (width == 1 && !size) {
                out[used++] = '"'; /* an empty line would be no record */
                out[used++] = '"';
            }
        }
        out[used++] = '\n';
    }
    return used;
}

static inline uint64_t spread(uint64_t hash) {
    hash *= UINT64_C(0x9E3779B97F4A7C15);
    hash ^= hash >> 29;
    hash *= UINT64_C(0xC2B2AE3D27D4EB4F);
    return hash ^ hash >> 32;
}

/* A number for each of `count` texts that lie one after the other, as `keys.hash_rows` makes it;
   0 for those of more than `longest` bytes. Gives how many these are. */
API int64_t rk_hashes(bytes *data, const int32_t *offsets, int64_t count, int64_t longest,
                      uint64_t *found) {
    int64_t long_ones = 0;
    for (int64_t at = 0; at < count; at++) {
        const int64_t length = (int64_t)offsets[at + 1] - offsets[at];
        bytes *text = data + offsets[at];
        uint64_t hash = spread((uint64_t)length);
        if (length > longest) {
            long_ones++;
            hash = 0;
        } else {
            for (int64_t done = 0; done < length; done += 8) {
                uint64_t word = 0;
                const int64_t left = length - done;
                if (offsets[at] + done + 8 <= offsets[count]) {
                    memcpy(&word, text + done, 8);
                    word &= KEPT(left);
                } else {
                    memcpy(&word, text + done, (size_t)(left < 8 ? left : 8));
                }
                hash = spread(hash ^ word);
            }
        }
        found[at] = hash;
    }
    return long_ones;
}
