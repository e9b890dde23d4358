-- The database of one service: an owner for migrations, an application role without DDL.  Run by psql as superuser
-- in database postgres, once for each service, any number of times.  Needs the variable `name`; the passwords come
-- from the environment (OWNER_PASSWORD, APP_PASSWORD), so they show in no list of processes.
\set ON_ERROR_STOP on
\set QUIET on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\set owner :name _owner
SET log_min_error_statement = panic; -- a failing ALTER ROLE must not write its password to the log

SELECT format('CREATE ROLE %I LOGIN', role)
FROM unnest(ARRAY[:'owner', :'name']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

ALTER ROLE :"owner" PASSWORD :'owner_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
ALTER ROLE :"name" PASSWORD :'app_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8'' LC_COLLATE ''C'' LC_CTYPE ''C.UTF-8''', :'name', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec

-- Statements find rows by their keys, so a rough picture of the columns does; a fine one of tables that grow all day
-- cost 7 % of the server's time.
ALTER DATABASE :"name" SET default_statistics_target = 20;

REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO :"name";

\connect :"name"
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO :"owner";
GRANT USAGE ON SCHEMA public TO :"name";
