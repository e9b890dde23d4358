/* A variant `v` as people see it, in SQL: what the lists of several stores are made of. */
#ifndef MAPPER_VARIANT_DOCUMENT_H
#define MAPPER_VARIANT_DOCUMENT_H

/* Of a bundle `v`: a sum over its parts `e.p`, each a variant `x`. */
#define SUM_OF_PARTS(column)                                                                       \
    "(SELECT sum(x." column " * (e.p->'pieces')::bigint) FROM jsonb_array_elements(v.parts) e(p) " \
    "JOIN variant x ON x.account_id = v.account_id AND x.variant_id = "                            \
    "(e.p->>'variant_id')::bigint)"

/* What it costs us: a bundle costs what its parts do. */
#define COST_OF "CASE WHEN v.parts = '[]' THEN v.cost_minor ELSE " SUM_OF_PARTS("cost_minor") " END"

#define ATTRIBUTES_COMPLETE                                                                        \
    "(v.product_id IS NULL OR cardinality(v.value_ids) = (SELECT count(*) FROM attribute a "       \
    "JOIN product p USING (account_id, type_id) WHERE p.account_id = v.account_id "                \
    "AND p.product_id = v.product_id))"

/* A bundle's cost is that of its parts. */
#define IS_LOW                                                                                     \
    "(v.barcode = '' OR v.image = '' OR v.weight_g = 0 OR (v.cost_minor = 0 AND v.parts = '[]') "  \
    "OR NOT " ATTRIBUTES_COMPLETE ")"

#define MISSING                                                                                    \
    "(SELECT coalesce(json_agg(word), '[]') FROM (VALUES ('BARCODE', v.barcode = ''), "            \
    "('IMAGE', v.image = ''), ('WEIGHT', v.weight_g = 0), "                                        \
    "('COST', v.cost_minor = 0 AND v.parts = '[]'), "                                              \
    "('ATTRIBUTES', NOT " ATTRIBUTES_COMPLETE ")) m (word, missing) WHERE missing)"

#define PRODUCT_OF                                                                                 \
    "(SELECT json_build_object('id', p.product_id::text, 'name', p.name, 'type_id', "              \
    "p.type_id::text, 'type', t.name) FROM product p JOIN product_type t "                         \
    "USING (account_id, type_id) WHERE p.account_id = v.account_id "                               \
    "AND p.product_id = v.product_id)"

#define ATTRIBUTES_OF                                                                              \
    "(SELECT coalesce(json_agg(json_build_object('attribute_id', a.attribute_id::text, "           \
    "'attribute', a.name, 'value_id', w.value_id::text, 'value', w.name) ORDER BY a.place), "      \
    "'[]') FROM attribute_value w JOIN attribute a USING (account_id, attribute_id) "              \
    "WHERE w.account_id = v.account_id AND w.value_id = ANY(v.value_ids))"

#define PARTS_OF                                                                                   \
    "(SELECT coalesce(json_agg(json_build_object('variant_id', e.p->>'variant_id', 'sku', x.sku, " \
    "'name', x.name, 'pieces', e.p->'pieces') ORDER BY e.n), '[]') "                               \
    "FROM jsonb_array_elements(v.parts) WITH ORDINALITY e(p, n) JOIN variant x "                   \
    "ON x.account_id = v.account_id AND x.variant_id = (e.p->>'variant_id')::bigint)"

#define VARIANT_DOCUMENT                                                                           \
    "json_build_object('id', v.variant_id::text, 'sku', v.sku, 'name', v.name, "                   \
    "'barcode', nullif(v.barcode, ''), 'unit', nullif(v.unit, ''), 'image', nullif(v.image, ''), " \
    "'source_link', nullif(v.source_link, ''), 'supply', v.supply, "                               \
    "'cost', json_build_object('amount', (" COST_OF ")::text, 'currency', v.currency), "           \
    "'weight_g', nullif(v.weight_g, 0), 'archived', v.archived, 'product', " PRODUCT_OF            \
    ", 'attributes', " ATTRIBUTES_OF ", 'parts', " PARTS_OF ", 'missing', " MISSING ")"

#endif
