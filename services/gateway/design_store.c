#include "services/gateway/design_store.h"

#include <stdio.h>

const struct sp_setting_need design_setting_needs[] = {
    {"SAMPAN_DESIGN_S3_ENDPOINT", "SAMPAN_DESIGN_S3_BUCKET"},
    {"SAMPAN_DESIGN_S3_ENDPOINT", "SAMPAN_DESIGN_S3_KEY_ID"},
    {"SAMPAN_DESIGN_S3_ENDPOINT", "SAMPAN_DESIGN_S3_SECRET"},
    {"SAMPAN_DESIGN_S3_ENDPOINT", "SAMPAN_DESIGN_DIR"},
    {"SAMPAN_DESIGN_S3_BUCKET", "SAMPAN_DESIGN_S3_ENDPOINT"},
    {0},
};

void design_store_open(struct design_store *store, const struct sp_config *config)
{
    *store = (struct design_store){
        .folder = sp_config_text(config, "SAMPAN_DESIGN_DIR"),
        .endpoint = sp_config_text(config, "SAMPAN_DESIGN_S3_ENDPOINT"),
        .bucket = sp_config_text(config, "SAMPAN_DESIGN_S3_BUCKET"),
        .signer = {.scope = store->scope,
                   .key_id = sp_config_text(config, "SAMPAN_DESIGN_S3_KEY_ID"),
                   .secret = sp_config_text(config, "SAMPAN_DESIGN_S3_SECRET")},
    };
    store->kind = store->endpoint[0] == '\0' ? &design_folder : &design_bucket;
    (void)snprintf(store->scope, sizeof store->scope, "aws:amz:%s:s3",
                   sp_config_text(config, "SAMPAN_DESIGN_S3_REGION"));
}
