# PostgreSQL from Debian's packages, with one database and two roles for each service.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
# The user before the package, so that it has the number that owns the secrets.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/postgresql --shell /bin/sh postgres && \
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        postgresql-common >/dev/null && \
    sed -i 's/^#\? *create_main_cluster *=.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15 >/dev/null && \
    rm -rf /var/lib/apt/lists/* && \
    install -d -o postgres -g postgres -m 0700 /var/lib/sampan-postgres
COPY deploy/images/postgres-entrypoint /usr/local/bin/
COPY deploy/database/service.sql /usr/local/share/sampan/
ENV PATH=/usr/lib/postgresql/15/bin:$PATH LANG=C.UTF-8
USER 10001:10001
VOLUME /var/lib/sampan-postgres
# SIGINT is PostgreSQL's fast shutdown.
STOPSIGNAL SIGINT
CMD ["postgres-entrypoint"]
