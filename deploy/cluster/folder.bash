# shellcheck shell=bash
# How up makes the folder of a cluster: its owner, ports and passwords. Sourced, never run.

make_folder() {
  [ -e "$data" ] || mkdir -p "$data"
  owner=$(stat -c %U "$data")
  [ "$EUID" -eq 0 ] || [ "$owner" = "$(id -un)" ] || fail "$data belongs to $owner"
  local found
  found=$(find "$data" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name lock -print -quit)
  [ -z "$found" ] || [ -e "$data/ports" ] || [ -e "$data/run" ] || fail "$data holds something else. Choose another folder with --data"
  # PostgreSQL refuses to run as root, and nothing else here needs to: all of it runs as the user that Debian makes for PostgreSQL.
  [ "$EUID" -ne 0 ] || [ "$owner" != root ] || owner=postgres
  chmod 700 "$data"
  mkdir -p "$data"/{run,log,secrets,nginx,epmd,postgres,rabbitmq,silo-1,silo-2,gateway-1,gateway-2}
  if [ "$EUID" -eq 0 ]; then chown -h "$owner:" "$data" "$data"/*; fi
}

# Other users may not pass through folders such as /root. The right to read what they may not is then given to our processes alone.
enter() {
  [ "$EUID" -eq 0 ] || return 0
  # Tried and not asked for: access(2) overlooks what a capability allows.
  # shellcheck disable=SC2016
  reach() { as_owner sh -c 'cd "$1" && cd "$2" && exec <"$3"' reach "$data" "${app:-$data}" "$(command -v dotnet)"; }
  reach 2>/dev/null && return
  passes=(--inh-caps=+dac_read_search --ambient-caps=+dac_read_search --securebits=+no_setuid_fixup)
  reach || fail "the user $owner may not enter $data${app:+ or $app}. Choose folders that all users can pass to, with --data${app:+ and --app}"
  say "$data${app:+ or $app} lies where the user $owner may not pass: the cluster's processes are given the right to read every file of this machine. A folder that all users can pass to spares that."
}

# Ports are chosen once, below those that this machine gives to outgoing connections: what was ended finds its port free again.
choose_ports() {
  local name number chosen=' '
  for name in postgres epmd rabbitmq rabbitmq-dist {silo-1,silo-2}{,-silo,-client} {gateway-1,gateway-2}{,-ops}; do
    until number=$((20000 + SRANDOM % 12000)) && [[ $chosen != *" $number "* ]] && ! listening "$number"; do :; done
    chosen+="$number "
    # shellcheck disable=SC2004 # its keys are names
    port[$name]=$number
  done
}

write_ports() { for name in "${!port[@]}"; do printf '%s=%s\n' "$name" "${port[$name]}"; done | sort | keep "$data/ports"; }

require_space() { # MEGABYTES FOLDER
  local free
  free=$(df -Pm "$2" | awk 'NR == 2 { print $4 }')
  ((free >= $1)) || fail "the disk is full: $2 has $free MB left, and $1 are needed. Make room, or choose another folder with --data"
}

random() { head -c 30 /dev/urandom | base64 -w 0 | tr -d '+/='; }

# Four groups of four: it can be read out.
random_password() {
  local letters=abcdefghjkmnpqrstuvwxyz23456789 password='' index
  for index in {1..16}; do
    password+=${letters:SRANDOM % ${#letters}:1}
    if ((index % 4 == 0 && index < 16)); then password+=-; fi
  done
  printf '%s\n' "$password"
}

make_secrets() {
  local name
  for name in postgres-administrator postgres rabbitmq erlang-cookie; do
    [ -s "$data/secrets/$name" ] || random | keep "$data/secrets/$name"
  done
  # What silos alone know. It stays as long as the journal does.
  [ -s "$data/secrets/platform" ] || head -c 32 /dev/urandom | base64 -w 0 | keep "$data/secrets/platform"
  cat <<PGPASS | keep "$data/secrets/pgpass"
*:*:*:postgres:$(<"$data/secrets/postgres-administrator")
*:*:*:coordination:$(<"$data/secrets/postgres")
PGPASS
}
