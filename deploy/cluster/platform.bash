# shellcheck shell=bash
# How up starts silos, gateways and nginx. Sourced, never run.

# A running cluster keeps the program it was started with; one that does not run gets what this checkout holds.
prepare_app() {
  [ -z "$app" ] || return 0
  app=$data/app
  local name
  for name in "${silos[@]}" "${gateways[@]}"; do
    if runs "$name" && [ -e "$app/Coordination.Node.dll" ]; then return; fi
  done
  printf 'Building … '
  local began=$SECONDS
  rm -rf "$app.new"
  # Whoever became root by sudo builds what lies in their folder as themselves: nothing of root's is left in it.
  local as=() built=$app.new
  if [ "$EUID" -eq 0 ] && [ -n "${SUDO_USER-}" ] && [ "$SUDO_USER" != root ] && [ "$(stat -c %U "$here")" = "$SUDO_USER" ]; then
    as=(setpriv --reuid "$SUDO_USER" --regid "$(id -g "$SUDO_USER")" --init-groups -- env "HOME=$(getent passwd "$SUDO_USER" | cut -d: -f6)")
    built=$here/../../artifacts/publish/cluster
    rm -rf "$built"
  fi
  # The build leaves no servers behind, which would hold the lock.
  if ! (umask 022 && "${as[@]}" dotnet publish "$here/../Node" -c Release -o "$built" -v quiet -nodeReuse:false -p:UseSharedCompilation=false) 2>&1 </dev/null 9>&- | keep "$data/log/build.log"; then
    printf 'failed\n'
    cat "$data/log/build.log" >&2
    fail "the program could not be built"
  fi
  if [ "$built" != "$app.new" ]; then (umask 022 && cp -R "$built" "$app.new" && rm -rf "$built"); fi
  # A published program lacks it.
  (umask 022 && cp -R "$here/../../web/dist" "$app.new/dashboard")
  rm -rf "$app"
  mv "$app.new" "$app"
  printf '%s s\n' $((SECONDS - began))
}

settings() { # NAME HOST:PORT-OF-POSTGRES MORE
  local flag=true
  [ "$demonstration" = on ] || flag=false
  cat <<JSON | keep "$data/$1/settings.json"
{
  "Name": "$1",
  "Cluster": "coordination",
  "Address": "127.0.0.1",
  "Data": "$data/$1",
  "Demonstration": $flag,
  "Postgres": "Host=${2%:*};Port=${2##*:};Database=coordination;Username=coordination;Password=$(<"$data/secrets/postgres");SSL Mode=Disable",
  "RabbitMq": "amqp://coordination:$(<"$data/secrets/rabbitmq")@127.0.0.1:${port[rabbitmq]}/coordination",
  $3
}
JSON
}

# Into the empty database, before there is a silo that would load something else.
restore_backup() {
  local lists=() restored=0
  say "Restoring $restore"
  settings silo-1 "127.0.0.1:${port[postgres]}" "\"Ops\": \"http://127.0.0.1:0\", \"Secret\": \"$(<"$data/secrets/platform")\""
  # The owner may not read them where they are.
  if [ ${#erasures[@]} -gt 0 ]; then
    cat -- "${erasures[@]}" | keep "$data/erasures"
    lists=(--erasures "$data/erasures")
  fi
  as_owner dotnet "$app/Coordination.Node.dll" restore - "${lists[@]}" --settings "$data/silo-1/settings.json" <"$restore" 9>&- || restored=$?
  as_owner rm -f -- "$data/erasures"
  [ "$restored" -eq 0 ] || fail "it was not restored, or not all that is to be erased was, and no silo was started"
}

start_silo() {
  local elsewhere=${1^^}
  elsewhere=COORDINATION_${elsewhere/-/_}_POSTGRES
  local postgres=${!elsewhere:-127.0.0.1:${port[postgres]}}
  [[ $postgres =~ ^[A-Za-z0-9.-]+:[0-9]+$ ]] || fail "$elsewhere is not host:port"
  kill_leftovers "$1"
  require_port "$1" "$1-silo" "$1-client"
  settings "$1" "$postgres" "\"Ops\": \"http://127.0.0.1:${port[$1]}\", \"SiloPort\": ${port[$1-silo]}, \"ClientPort\": ${port[$1-client]}, \"Secret\": \"$(<"$data/secrets/platform")\""
  start "$1" dotnet "$app/Coordination.Node.dll" silo --settings "$data/$1/settings.json"
}

start_gateway() {
  kill_leftovers "$1"
  require_port "$1" "$1-ops"
  settings "$1" "127.0.0.1:${port[postgres]}" "\"Urls\": \"http://127.0.0.1:${port[$1]}\", \"Proxy\": \"127.0.0.1\", \"Ops\": \"http://127.0.0.1:${port[$1-ops]}\""
  start "$1" dotnet "$app/Coordination.Node.dll" gateway --settings "$data/$1/settings.json"
}

start_nginx() {
  kill_leftovers nginx
  ! listening "${port[nginx]}" || fail "port ${port[nginx]} is in use by another program. Choose another with --port"
  sed "s|\${DATA}|$data|g" "$here/nginx.conf.template" | keep "$data/nginx/nginx.conf"
  sed -e "s|\${LISTEN}|127.0.0.1:${port[nginx]}|g" \
    -e "s|\${GATEWAY_1}|127.0.0.1:${port[gateway-1]}|g" -e "s|\${GATEWAY_2}|127.0.0.1:${port[gateway-2]}|g" \
    "$here/../nginx/coordination.conf.template" | keep "$data/nginx/coordination.conf"
  start nginx nginx -p "$data/nginx" -e "$data/log/nginx.log" -c "$data/nginx/nginx.conf"
}
