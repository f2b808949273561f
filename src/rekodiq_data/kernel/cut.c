/* Where bytes and cells stand. */

#include "common.h"

/* Which sources this is the library of. */
API const char *rk_source(void) { return RK_SOURCE; }

/* How often a byte stands in `data`. */
API int64_t rk_count(bytes *data, int64_t size, uint8_t byte) {
    int64_t found = 0;
    for (int64_t at = 0; at < size;) {
        /* A sum of bytes, so that sixteen are counted at once. */
        int64_t end = size - at > 255 ? at + 255 : size;
        uint8_t some = 0;
        for (; at < end; at++) some = (uint8_t)(some + (data[at] == byte));
        found += some;
    }
    return found;
}

/* Where a byte stands; `places` has room for all of them. */
API int64_t rk_places(bytes *data, int64_t size, uint8_t byte, int64_t *places) {
    int64_t found = 0;
    bytes *at = data, *end = data + size;
    while (at < end && (at = memchr(at, byte, (size_t)(end - at)))) places[found++] = at++ - data;
    return found;
}

static int is_missing(bytes *text, int64_t size, const Form *form) {
    int32_t start = 0;
    for (int64_t at = 0; at < form->missing; at++) {
        const int32_t end = form->missing_ends[at];
        if (end - start == size && !memcmp(form->missing_texts + start, text, (size_t)size))
            return 1;
        start = end;
    }
    return 0;
}

/* A bit for each length, up to 63, that a text which means "missing" has; the last one for all
   that are longer. */
static uint64_t missing_lengths(const Form *form) {
    uint64_t found = 0;
    int32_t start = 0;
    for (int64_t at = 0; at < form->missing; at++) {
        const int32_t length = form->missing_ends[at] - start;
        found |= UINT64_C(1) << (length < 63 ? length : 63);
        start = form->missing_ends[at];
    }
    return found;
}

/* Cut a block into cells.

   starts, lengths: one int32 for each cell, column after column, `most` records each. A cell's
       start is that of its text, within its quotes; ~start where quotes are doubled in it. Its
       length is -1 where it is missing.
   sizes: for each column, the bytes of its cells that are not missing.

   Gives the number of records, or -1 where the block is not regular: a record of another width,
   longer than `longest`, a carriage return alone, a quote that neither opens nor closes a cell,
   or more than `most` records. */
API int64_t rk_cut(bytes *data, int64_t size, const Form *form, int64_t width, int64_t longest,
                   int64_t most, int32_t *starts, int32_t *lengths, int64_t *sizes) {
    const int quoted = form->quote != form->delimiter;
    const uint64_t missing = missing_lengths(form);
    int64_t record = 0, column = 0; /* of the cell at hand */
    int64_t first = 0;              /* byte of the record at hand */
    int64_t begin = 0;              /* byte of the cell at hand */
    int64_t close = -1;             /* its closing quote, where it has one */
    int doubled = 0;
    int64_t base = 0;
    uint64_t mark = marks_at(data, size, 0, form);
    if (size > INT32_MAX) return -1;
    memset(sizes, 0, (size_t)width * sizeof *sizes);
    for (;;) {
        while (!mark && base + 64 < size) {
            base += 64;
            mark = marks_at(data, size, base, form);
        }
        int64_t at = size; /* the end of the block ends its last cell, too */
        uint8_t byte = '\n';
        if (mark) {
            at = base + __builtin_ctzll(mark);
            mark &= mark - 1;
            byte = data[at];
        } else if (begin == size && !column && close < 0) {
            return record;
        }
        if (byte == '\r') {
            if (at + 1 >= size || data[at + 1] != '\n') return -1;
            continue;
        }
        if (quoted && byte == form->quote) {
            if (at != begin || close >= 0) return -1;
            bytes *next = data + at + 1;
            for (;;) {
                next = memchr(next, form->quote, (size_t)(data + size - next));
                if (!next) return -1;
                if (next + 1 == data + size || next[1] != form->quote) break;
                doubled = 1;
                next += 2;
                if (next >= data + size) return -1;
            }
            close = next - data;
            base = (close + 1) & ~INT64_C(63);
            mark = marks_at(data, size, base, form);
            mark &= ~UINT64_C(0) << ((close + 1) & 63);
            continue;
        }
        int64_t start = begin, end = at;
        const int is_last = byte == '\n';
        if (is_last && end > begin && data[end - 1] == '\r') end--;
        if (close >= 0) {
            if (end != close + 1) return -1;
            start = begin + 1;
            end = close;
        }
        if (column >= width || record >= most) return -1;
        const int64_t cell = column * most + record;
        const int64_t length = end - start;
        if (missing >> (length < 63 ? length : 63) & 1 &&
            is_missing(data + start, length, form)) {
            lengths[cell] = -1;
        } else {
            lengths[cell] = (int32_t)length;
            sizes[column] += length;
        }
        starts[cell] = doubled ? ~(int32_t)start : (int32_t)start;
        begin = at + 1;
        close = -1;
        doubled = 0;
        column++;
        if (is_last) {
            if (column != width || begin - first > longest) return -1;
            record++;
            column = 0;
            first = begin;
            if (at >= size) return record;
        }
    }
}
