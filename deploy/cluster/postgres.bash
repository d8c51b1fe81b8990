# shellcheck shell=bash
# How up starts PostgreSQL. Sourced, never run.

make_database() {
  local folder=$data/postgres
  [ ! -e "$folder/data" ] || return 0
  require_space 300 "$folder"
  # A folder that is half made has another name.
  rm -rf "$folder/data.new"
  as_owner "$(postgres_programs)initdb" -D "$folder/data.new" -U postgres -A scram-sha-256 --pwfile="$data/secrets/postgres-administrator" \
    -E UTF8 --locale=C.UTF-8 2>&1 | keep "$data/log/initdb.log" || { cat "$data/log/initdb.log" >&2; fail "PostgreSQL's data could not be made in $folder"; }
  printf "include '%s/coordination.conf'\n" "$folder" | append "$folder/data.new/postgresql.conf"
  mv "$folder/data.new" "$folder/data"
}

start_postgres() {
  make_database
  local folder=$data/postgres/data pid
  # One that was started by hand is ours too.
  if { pid=$(head -n 1 "$folder/postmaster.pid"); } 2>/dev/null && [ "$(readlink "/proc/$pid/cwd")" = "$folder" ] && process "$pid" >/dev/null; then
    remember postgres "$pid"
    return
  fi
  kill_leftovers postgres
  # Left by one that was killed; the number in it may be another process's by now, which PostgreSQL would take for itself.
  rm -f "$folder/postmaster.pid"
  require_port postgres
  cat <<CONF | keep "$data/postgres/coordination.conf"
listen_addresses = '127.0.0.1'
port = ${port[postgres]}
unix_socket_directories = ''
password_encryption = scram-sha-256
max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
jit = off
log_line_prefix = '%m [%p] %q%a '
log_checkpoints = off
# A caller that is gone is noticed, and what it holds let go.
client_connection_check_interval = 1s
tcp_keepalives_idle = 5
tcp_keepalives_interval = 2
tcp_keepalives_count = 3
CONF
  start postgres "$(postgres_programs)postgres" -D "$folder"
}

# The platform's own role and database. It may do in there what it likes, and nothing outside but what empties the log of what was erased.
prepare_database() {
  as_owner env PGPASSFILE="$data/secrets/pgpass" "$(postgres_programs)psql" -XqAt -v ON_ERROR_STOP=1 \
    -h 127.0.0.1 -p "${port[postgres]}" -U postgres -d postgres 2>&1 <<SQL | append "$data/log/postgres.log" || broken postgres "the database could not be prepared"
set log_min_error_statement = panic;
select 'create role coordination login' where not exists (select from pg_roles where rolname = 'coordination') \gexec
alter role coordination password '$(<"$data/secrets/postgres")';
select 'create database coordination owner coordination' where not exists (select from pg_database where datname = 'coordination') \gexec
revoke all on database coordination from public;
grant pg_checkpoint, pg_monitor to coordination;
\connect coordination
grant execute on function pg_switch_wal to coordination;
SQL
}
