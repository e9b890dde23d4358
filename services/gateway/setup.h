/* Setting up: the one-time link, the first account and its owner. */
#ifndef GATEWAY_SETUP_H
#define GATEWAY_SETUP_H

#include "services/gateway/gateway.h"

enum { SETUP_ACCOUNT_ID = 1, SETUP_PERSON_ID = 1, SETUP_LOOK_MS = 5000 };

sp_http_handler on_setup;

/* While nobody is set up: looks whether somebody is, and prints a link on stdout once (again when
 * it has become too old).  Called every SETUP_LOOK_MS. */
void setup_look(void *gateway);

#endif
