# shellcheck shell=bash
# What compose.yaml reads: keys and passwords in var/compose, owned by the containers' user, and .env.

readonly CONTAINER_USER=10001 # deploy/images; a file secret keeps its owner and mode in the container
readonly COMPOSE_SECRETS=$VAR/compose

compose_database_secrets() {
    local folder=$1 service name kind password
    for service in "${SERVICES[@]}"; do
        name=${service//-/_}
        for kind in "" owner_; do
            keep_secret "$folder/$service.${kind}password" 24
            password=$(cat "$folder/$service.${kind}password")
            write_secret "$folder/$service.${kind}database_url" \
                "postgresql://$name${kind:+_owner}:$password@postgres:5432/$name"
        done
    done
}

compose_env() {
    [ -e "$SAMPAN_ROOT/.env" ] && return
    cat >"$SAMPAN_ROOT/.env" <<'TEXT'
# Read by docker compose.  Made by ./sampan setup --secrets, kept by it from then on.
COMPOSE_PROJECT_NAME=sampan
SAMPAN_HTTP_ADDRESS=127.0.0.1
SAMPAN_HTTP_PORT=8080
SAMPAN_PUBLIC_URL=http://127.0.0.1:8080
SAMPAN_LOG_LEVEL=info
POSTGRES_SHARED_BUFFERS=256MB

# The marketplace.  As it stands: the local one of --profile demo.  For TikTok Shop write your app's key and service
# id here and its secret to var/compose/tiktok_app_secret, and take the addresses below.
SAMPAN_TIKTOK_APP_KEY=demo-app
SAMPAN_TIKTOK_SERVICE_ID=demo-service
SAMPAN_TIKTOK_API_URL=http://sandbox:8090
SAMPAN_TIKTOK_AUTH_URL=http://sandbox:8090
SAMPAN_TIKTOK_CONSENT_URL=http://127.0.0.1:8090/open/authorize
SAMPAN_TIKTOK_CONSENT_US_URL=http://127.0.0.1:8090/open/authorize
SAMPAN_TIKTOK_CALL_RATE=1000
#SAMPAN_TIKTOK_API_URL=https://open-api.tiktokglobalshop.com
#SAMPAN_TIKTOK_AUTH_URL=https://auth.tiktok-shops.com
#SAMPAN_TIKTOK_CONSENT_URL=https://services.tiktokshop.com/open/authorize
#SAMPAN_TIKTOK_WEBHOOK_URL=https://your.name/hooks/tiktok
#SAMPAN_TIKTOK_CONSENT_US_URL=https://services.us.tiktokshop.com/open/authorize
#SAMPAN_TIKTOK_CALL_RATE=20
TEXT
}

# Made in a folder of ours, then handed over whole: what is there already stays as it is.
compose_secrets() {
    make_folder 0755 "$VAR"
    as_root install -d -m 0755 "$COMPOSE_SECRETS"
    as_root chown -R "$(id -u):$(id -g)" "$COMPOSE_SECRETS"
    chmod 0700 "$COMPOSE_SECRETS"
    keep_secret "$COMPOSE_SECRETS/master_key" 32
    keep_secret "$COMPOSE_SECRETS/tiktok_app_secret" 32
    "$SAMPAN_ROOT/deploy/keys/make-keys" "$COMPOSE_SECRETS" "${SERVICES[@]}"
    compose_database_secrets "$COMPOSE_SECRETS"
    chmod 0400 "$COMPOSE_SECRETS"/*
    as_root chown -R "$CONTAINER_USER:$CONTAINER_USER" "$COMPOSE_SECRETS"
    as_root chmod 0755 "$COMPOSE_SECRETS"
    compose_env
    note "setup: secrets are in var/compose, settings in .env; next: docker compose --profile demo up -d"
}
