/* Numbers as workbooks hold them: binary fractions, written out in decimals.  Pure. */
#ifndef MAPPER_XLSX_NUMBER_H
#define MAPPER_XLSX_NUMBER_H

#include "common/base.h"

enum { XLSX_NUMBER_BYTES = 40 };

/* What the person typed: 12.9 may stand there as 12.900000000000000355, 1500 as 1.5E3.  What is no
 * number stays as it is.  False, and an empty text: a whole number that has lost digits, as it had
 * more than 15. */
bool mapper_xlsx_number(struct sp_text raw, char text[XLSX_NUMBER_BYTES], struct sp_text *number);

#endif
