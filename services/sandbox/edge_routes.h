/* The handlers of the sandbox's HTTP port, for the table of routes. */
#ifndef SANDBOX_EDGE_ROUTES_H
#define SANDBOX_EDGE_ROUTES_H

#include "services/sandbox/edge.h"

/* home.c: a page for people */
sp_http_handler home_show, home_style, home_script, home_view;
/* consent.c: where a seller agrees */
sp_http_handler consent_show, consent_decide;
/* tokens.c: codes to tokens */
sp_http_handler tokens_get, tokens_refresh;
/* document_serve.c: labels and slips, by address alone */
sp_http_handler document_serve;
/* edge.c: everything signed */
sp_http_handler open_api;
/* control.c: the state, and what is not there */
sp_http_handler control_health, control_state, control_unknown;
/* control_orders.c: buyers by command */
sp_http_handler control_place_orders, control_move_order, control_move_address;
/* control_cases.c: … who change their minds */
sp_http_handler control_ask_cancel, control_withdraw_cancel, control_ask_return,
    control_move_return;
/* control_products.c: what the marketplace does to them */
sp_http_handler control_move_product;
/* control_truth.c: what a test compares with */
sp_http_handler control_truth, control_truth_orders, control_truth_stock;
sp_http_handler control_catalogue, control_demand;
/* control_api.c: which addresses the Open API has, and how often they may be called */
sp_http_handler control_list_routes, control_list_limits, control_set_limits;
/* control_life.c: the clock, and what happens by itself */
sp_http_handler control_clock, control_set_clock, control_life, control_set_life;
sp_http_handler control_scenario, control_start_scenario, control_stop_scenario;
/* control_faults.c: trouble by command */
sp_http_handler control_list_faults, control_order_faults, control_clear_faults;
sp_http_handler control_change_grant, control_reset, control_say;

#endif
