/* The small picture of a print file: what sampan-picture is told by, and how it ends.
 *
 * It reads a PNG or JPEG from standard input and writes a PNG of at most PICTURE_PIXELS each way to
 * standard output.  It is a program of its own because what it reads may be made to break decoders:
 * it can read and write what it was given, and nothing else. */
#ifndef GATEWAY_PICTURE_H
#define GATEWAY_PICTURE_H

enum {
    PICTURE_PIXELS = 256,             /* of a side, at most */
    PICTURE_BYTES = 512 << 10,        /* of what is written, likewise */
    PICTURE_SIDE = 60000,             /* of what is read, in pixels */
    PICTURE_AREA = 150 * 1000 * 1000, /* likewise */
    PICTURE_WORK_BYTES = 32 << 20,    /* of memory for a JPEG that has to be held whole */
    PICTURE_MEMORY_BYTES = 96 << 20,  /* of all its memory */
    PICTURE_CPU_S = 10,
};

/* Its exit codes; when it is ended by a signal it took too long, or more than it may. */
enum picture_end {
    PICTURE_MADE = 0,
    PICTURE_BROKEN = 3,
    PICTURE_TOO_LARGE = 4,
    PICTURE_UNKNOWN = 5, /* neither PNG nor JPEG */
};

#endif
