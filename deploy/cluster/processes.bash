# shellcheck shell=bash
# How up starts a process and waits until it is healthy. Sourced, never run.

start() { # NAME COMMAND...: in the folder of that name, with a session and a log of its own
  local name=$1
  shift
  local log=$data/log/$name.log
  # One earlier log is kept.
  [ ! -e "$log" ] || [ "$(stat -c %s "$log")" -lt 20000000 ] || mv "$log" "$log.1"
  (
    for variable in $(compgen -e COORDINATION_); do [[ $variable == COORDINATION_OPEN_THINGS ]] || unset "$variable"; done
    # shellcheck disable=SC2030
    if [[ $name == silo-* && -n $demonstration_password ]]; then export COORDINATION_DEMO_PASSWORD=$demonstration_password; fi
    # Each of these replaces the one before: the process keeps the pid.
    as_owner=()
    if [ "$EUID" -eq 0 ]; then as_owner=(setpriv --reuid="$owner" --regid="$(id -g "$owner")" --init-groups "${passes[@]}" --); fi
    # shellcheck disable=SC2016
    HOME=$data exec setsid "${as_owner[@]}" sh -c 'cd "$1" && log=$2 && shift 2 && exec "$@" >>"$log" 2>&1' start "$data/$name" "$log" "$@"
  ) </dev/null 9>&- &
  remember "$name" $!
  # It is no job of this shell, which would tell how it ended.
  disown $!
}

# Fails when a port that a component is about to take is another program's.
require_port() { # NAME...
  local name
  for name; do
    ! listening "${port[$name]}" || fail "port ${port[$name]}, which is $name's since $data was made, is in use by another program"
  done
}

# Waits until components are healthy, or tells what the log of one that is not says.
await() { # SECONDS NAME...
  local seconds=$1 began=$SECONDS waiting=("${@:2}") still name
  shift
  printf 'Waiting for %s … ' "$*"
  while [ ${#waiting[@]} -gt 0 ]; do
    still=()
    for name in "${waiting[@]}"; do
      if ! runs "$name"; then
        printf 'failed\n'
        broken "$name" "$name has ended"
      fi
      healthy "$name" 2>/dev/null || still+=("$name")
    done
    waiting=("${still[@]}")
    [ ${#waiting[@]} -gt 0 ] || break
    if ((SECONDS - began >= seconds)); then
      printf 'failed\n'
      broken "${waiting[0]}" "${waiting[*]} not healthy after $seconds s"
    fi
    sleep 0.2
  done
  printf '%s s\n' $((SECONDS - began))
}

broken() { # NAME MESSAGE
  require_space 20 "$data" && require_space 20 "$data/postgres"
  printf '\nThe last lines of %s:\n' "$data/log/$1.log" >&2
  tail -n 20 "$data/log/$1.log" | sed 's/^/  /' >&2
  fail "$2. What runs is left running; the same command tries again"
}
