/* Decoders: each reads standard input from its beginning, all of it, and adds its pixels to the
 * boxes.  What is wrong ends the program, with its reason as exit code. */
#ifndef GATEWAY_PICTURE_READ_H
#define GATEWAY_PICTURE_READ_H

#include "services/gateway/picture/boxes.h"

void read_png(struct picture_boxes *boxes);
void read_jpeg(struct picture_boxes *boxes);

#endif
