# shellcheck shell=bash
# What up, down and status share: the folder of a cluster, its ports and its processes. Sourced, never run.
#
# In the folder: ports (name=port), run/NAME (pid, start time and boot of a process), log/NAME.log, secrets/, and one folder for
# each component, which is also its process's working directory. That and the start time tell our processes from all others.

set -euo pipefail
shopt -s inherit_errexit nullglob
umask 077
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C.UTF-8

silos=(silo-1 silo-2)
gateways=(gateway-1 gateway-2)
# shellcheck disable=SC2034 # for those who source this
components=(postgres epmd rabbitmq "${silos[@]}" "${gateways[@]}" nginx)
declare -A port=()
# What setpriv is told beside the user; see `enter`.
passes=()

program=deploy/cluster/${0##*/}
say() { printf '%s\n' "$*"; }
fail() { printf '%s: %s\n' "$program" "$*" >&2; exit 1; }
needs_value() { [ -n "${2-}" ] || fail "$1 needs a value"; }

# ---- the folder

# Makes $data absolute. Programs of four kinds quote paths in four ways: only names that none of them must quote are taken.
locate() {
  data=$(realpath -ms -- "$data")
  [[ $data =~ ^[A-Za-z0-9._/@+-]+$ && $data != / ]] || fail "$data: a cluster's folder has only letters, digits and . _ - @ + in its path. Choose another with --data"
}

# Reads what the folder says. Afterwards $owner is the user whose processes run here.
open_folder() {
  [ -r "$data/ports" ] || fail "$data holds no cluster that you can read"
  owner=$(stat -c %U "$data")
  [ "$EUID" -eq 0 ] || [ "$owner" = "$(id -un)" ] || fail "$data belongs to $owner"
  local name number
  while IFS='=' read -r name number; do port[$name]=$number; done <"$data/ports"
}

# Runs a command as the owner of the folder.
as_owner() {
  if [ "$EUID" -eq 0 ]; then
    setpriv --reuid="$owner" --regid="$(id -g "$owner")" --init-groups "${passes[@]}" -- env HOME="$data" "$@"
  else
    HOME=$data "$@"
  fi
}

# Writes standard input to a file that only the owner reads, whole or not at all. As the owner: root follows no links laid there.
# shellcheck disable=SC2016
keep() { as_owner sh -c 'umask 077 && cat >"$1.new" && mv "$1.new" "$1"' keep "$1"; }

# ---- processes

# Prints state and start time of a process; fails when there is none.
process() {
  local stat
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  # After the name, which may hold anything, come state, parent and so on; the start time is the 20th.
  read -ra stat <<<"${stat##*) }"
  [ "${stat[0]}" != Z ] && [ "${stat[0]}" != X ] && printf '%s %s\n' "${stat[0]}" "${stat[19]}"
}

remember() { # NAME PID
  local start
  start=$(process "$2") || start='- -'
  printf '%s %s %s\n' "$2" "${start#* }" "$(</proc/sys/kernel/random/boot_id)" | keep "$data/run/$1"
}

# Prints the pid of a component; fails when it does not run. A pid that another process has by now is none.
pid_of() {
  local pid start boot now
  [ -r "$data/run/$1" ] && read -r pid start boot <"$data/run/$1" || return 1
  [ "$boot" = "$(</proc/sys/kernel/random/boot_id)" ] && now=$(process "$pid") && [ "${now#* }" = "$start" ] && printf '%s\n' "$pid"
}
runs() { pid_of "$1" >/dev/null; }

# Prints the pids of a component whose first process is gone: workers of nginx and PostgreSQL outlive a kill -9 of their master.
leftovers() {
  local link pid name
  # shellcheck disable=SC2044 # no name in there has a space
  for link in $(find /proc -maxdepth 2 -name cwd \( -lname "$data/$1" -o -lname "$data/$1/*" \) 2>/dev/null); do
    pid=${link#/proc/} pid=${pid%/cwd}
    { name=$(<"/proc/$pid/comm"); } 2>/dev/null || continue
    case $name in postgres | nginx | epmd | beam.smp | dotnet | .NET*) printf '%s\n' "$pid" ;; esac
  done
}

kill_leftovers() {
  local pid tries
  for ((tries = 0; tries < 50; tries++)); do
    # shellcheck disable=SC2046 # pids
    set -- "$1" $(leftovers "$1")
    [ $# -gt 1 ] || return 0
    for pid in "${@:2}"; do kill -9 "$pid" 2>/dev/null || true; done
    sleep 0.1
  done
  fail "processes ${*:2} of $1 could not be ended"
}

# Asks components to end by a signal, all at once; kills those that have not after so many seconds.
stop() { # SIGNAL SECONDS NAME...
  local signal=$1 seconds=$2 name pid
  shift 2
  for name; do
    pid=$(pid_of "$name") || continue
    kill -s "$signal" "$pid" 2>/dev/null || true
    # Who was frozen hears nothing otherwise.
    kill -s CONT "$pid" 2>/dev/null || true
  done
  local until=$((SECONDS + seconds))
  for name; do
    while pid=$(pid_of "$name"); do
      if ((SECONDS >= until)); then
        [ "$signal" = KILL ] || say "$name did not end within $seconds s: killed"
        kill -9 "$pid" 2>/dev/null || true
      fi
      sleep 0.05
    done
    kill_leftovers "$name"
    rm -f "$data/run/$name"
  done
}

# ---- ports and health

# Whether anything on this machine listens on the port.
listening() { grep -qsE "^ *[0-9]+: [0-9A-F]+:$(printf %04X "$1") [0-9A-F]+:[0-9A-F]{4} 0A " /proc/net/tcp /proc/net/tcp6; }

# Prints the status that a GET is answered with, 000 when it is not.
http_status() { # PORT PATH
  local status
  status=$(
    exec 2>/dev/null
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3
    read -r -t 6 _ status _ <&3 && printf '%s' "$status"
  ) || status=000
  printf '%s\n' "$status"
}

# A broker whose boot has ended answers the protocol's first eight bytes with a frame of type 1.
speaks_amqp() {
  (
    exec 2>/dev/null
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit
    printf 'AMQP\x00\x00\x09\x01' >&3
    LC_ALL=C IFS= read -r -t 3 -n 1 type <&3 && [ "$type" = $'\x01' ]
  )
}

# The newest PostgreSQL of this machine, or the one that the folder's data was made with. Prints the folder of its programs.
postgres_programs() {
  local version='*'
  [ ! -e "$data/postgres/data/PG_VERSION" ] || version=$(<"$data/postgres/data/PG_VERSION")
  find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -path "/usr/lib/postgresql/$version/bin" -printf '%p/\n' | sort -V | tail -n 1 | grep . || fail "there is no PostgreSQL ${version#\*} under /usr/lib/postgresql"
}

healthy() {
  case $1 in
    postgres) "$(postgres_programs)pg_isready" -q -t 3 -h 127.0.0.1 -p "${port[postgres]}" -d postgres -U postgres ;;
    epmd) listening "${port[epmd]}" ;;
    rabbitmq) speaks_amqp "${port[rabbitmq]}" ;;
    *) [ "$(http_status "${port[$1]}" /health/ready)" = 200 ] ;;
  esac
}
