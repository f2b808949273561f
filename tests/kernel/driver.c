/* Runs the kernel on blocks from standard input, in arrays of just the size that it may use: a
   sanitizer then sees any byte that it reads or writes beyond them.

   A block is six int64 (bytes, lines, width, delimiter, quote, longest), then its bytes. */

#include <stdio.h>
#include <stdlib.h>

#include "../../src/rekodiq_data/kernel/cut.c"
#include "../../src/rekodiq_data/kernel/texts.c"
#include "../../src/rekodiq_data/kernel/values.c"

/* Bytes that are missing at the end of each block, to show that the sanitizer sees it. */
#ifndef SHORT
#define SHORT 0
#endif

static void *room(int64_t size) {
    void *found = malloc(size ? (size_t)size : 1);
    if (!found) exit(3);
    return found;
}

static void fill(bytes *data, int64_t size, uint8_t quote, const int32_t *starts,
                 const int32_t *lengths, int64_t most, int64_t records, int64_t width,
                 const int64_t *sizes, int64_t kind) {
    static const int64_t bytes_of[] = {0, 0, 4, 8, 8, 4};
    Column *columns = calloc((size_t)width, sizeof *columns);
    if (!columns) exit(3);
    int64_t enough = 1;
    while (enough < records + 1) enough *= 2;
    for (int64_t at = 0; at < width; at++) {
        columns[at].kind = kind;
        columns[at].values = room(kind == TEXT ? sizes[at] + 16 : records * bytes_of[kind]);
        columns[at].valid = room((records + 7) / 8);
        columns[at].aside = room(4 * (records + 1));
        columns[at].table = calloc((size_t)enough, 4);
        columns[at].room = enough;
        columns[at].known = room(records * (int64_t)sizeof(Known));
    }
    rk_fill(data, size, quote, starts, lengths, most, records, columns, width);
    for (int64_t at = 0; at < width; at++) {
        if (kind == TEXT) {
            uint64_t *hashes = room(8 * records);
            uint8_t *text = room(columns[at].count);
            memcpy(text, columns[at].values, (size_t)columns[at].count);
            rk_hashes(text, columns[at].aside, records, 256, hashes);
            free(hashes);
            free(text);
        }
        free(columns[at].values);
        free(columns[at].valid);
        free(columns[at].aside);
        free(columns[at].table);
        free(columns[at].known);
    }
    free(columns);
}

/* Any numbers as texts, and those texts as lines, beside columns of which all cells are null. */
static void write_texts(const uint8_t *data, int64_t size) {
    const int64_t count = size / 8;
    double *values = room(8 * count);
    memcpy(values, data, (size_t)count * 8);
    for (int64_t at = 0; at < count; at += 2) values[at] = (double)(data[at] * 7) / 100;
    int32_t *offsets = room(4 * (count + 1)), *odd = room(4 * count);
    uint8_t *out = room(24 * count), *none = room((count + 7) / 8);
    memset(none, 0, (size_t)(count + 7) / 8);
    rk_number_texts(values, NULL, 0, count, offsets, out, odd);
    const int64_t used = offsets[count];
    uint8_t *texts = room(used), special[2];
    memcpy(texts, out, (size_t)used);
    static const uint8_t missing[] = "\"n,a\"";
    const Texts columns[] = {{offsets, texts, NULL, 0, missing, 6},
                             {offsets, texts, none, 0, missing, 6}};
    uint8_t *lines = room(2 * used + (3 + 6) * 2 * count);
    rk_lines(columns, 2, count, special, lines);
    /* The bytes themselves as one text after the other, quotes and all. */
    for (int64_t at = 0; at <= count; at++) offsets[at] = (int32_t)(at * 8);
    uint8_t *bytes_ = room(8 * count), *more = room(2 * 8 * count + 3 * count);
    memcpy(bytes_, data, (size_t)count * 8);
    const Texts one[] = {{offsets, bytes_, NULL, 0, missing, 0}};
    rk_lines(one, 1, count, special, more);
    free(values);
    free(offsets);
    free(odd);
    free(out);
    free(none);
    free(texts);
    free(lines);
    free(bytes_);
    free(more);
}

int main(void) {
    int64_t head[6];
    int64_t blocks = 0, regular = 0;
    while (fread(head, sizeof *head, 6, stdin) == 6) {
        const int64_t size = head[0], width = head[2];
        uint8_t *data = room(size - SHORT);
        if (fread(data, 1, (size_t)size - SHORT, stdin) != (size_t)size - SHORT) return 2;
        static const int32_t ends[] = {0, 2};
        const Form form = {(uint8_t)head[3], (uint8_t)head[4], 2, (bytes *)"NA", ends};
        const int64_t lines = rk_count(data, size, '\n');
        int64_t *places = room(8 * lines);
        const int64_t most = lines + 1 < size / width + 1 ? lines + 1 : size / width + 1;
        int32_t *starts = room(4 * most * width), *lengths = room(4 * most * width);
        int64_t *sizes = room(8 * width);
        if (rk_places(data, size, '\n', places) != head[1]) return 2;
        const int64_t records =
            rk_cut(data, size, &form, width, head[5], most, starts, lengths, sizes);
        write_texts(data, size - SHORT);
        blocks++;
        if (records >= 0) {
            regular++;
            for (int64_t kind = TEXT; kind <= DATE; kind++)
                fill(data, size, form.quote, starts, lengths, most, records, width, sizes, kind);
        }
        free(data);
        free(places);
        free(starts);
        free(lengths);
        free(sizes);
    }
    printf("%lld of %lld\n", (long long)regular, (long long)blocks);
    return 0;
}
