# shellcheck shell=bash
# How up starts RabbitMQ and the name server it needs. Sourced, never run.

# As RabbitMQ keeps it: four random bytes, and SHA-256 of these and the password, in base64.
password_hash() {
  local salt hash
  salt=$(head -c 4 /dev/urandom | od -An -tx1 | tr -d ' \n')
  # shellcheck disable=SC2001 # each pair of digits
  bytes() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")"; }
  hash=$({ bytes "$salt"; printf '%s' "$(<"$data/secrets/rabbitmq")"; } | sha256sum | cut -d ' ' -f 1)
  bytes "$salt$hash" | base64 -w 0
}

start_epmd() {
  kill_leftovers epmd
  require_port epmd
  start epmd epmd -port "${port[epmd]}" -address 127.0.0.1
}

start_rabbitmq() {
  local folder=$data/rabbitmq
  kill_leftovers rabbitmq
  require_port rabbitmq rabbitmq-dist
  # Below 200 MB it takes no messages.
  require_space 300 "$folder"
  if [ ! -e "$data/.erlang.cookie" ]; then
    keep "$data/.erlang.cookie" <"$data/secrets/erlang-cookie"
    chmod 400 "$data/.erlang.cookie"
  fi
  cat <<CONF | keep "$folder/rabbitmq.conf"
listeners.tcp.1 = 127.0.0.1:${port[rabbitmq]}
load_definitions = $folder/definitions.json
disk_free_limit.absolute = 200MB
heartbeat = 10
raft.wal_max_size_bytes = 64000000
log.console = true
log.console.level = info
log.file = false
log.console.use_colors = off
log.connection.level = warning
CONF
  cat <<JSON | keep "$folder/definitions.json"
{
  "vhosts": [{ "name": "coordination" }],
  "users": [{ "name": "coordination", "password_hash": "$(password_hash)", "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": "" }],
  "permissions": [{ "user": "coordination", "vhost": "coordination", "configure": ".*", "write": ".*", "read": ".*" }]
}
JSON
  printf '[].\n' | keep "$folder/enabled_plugins"
  printf '[].\n' | keep "$folder/advanced.config"
  : | keep "$folder/rabbitmq-env.conf"
  # The machine's own settings of RabbitMQ, and the caller's, are not for this broker.
  local settings=()
  readarray -t settings < <(rabbitmq_environment)
  start rabbitmq env RUNNING_UNDER_SYSTEMD=true "${settings[@]}" /usr/lib/rabbitmq/bin/rabbitmq-server
}

rabbitmq_environment() {
  local variable folder=$data/rabbitmq
  for variable in $(compgen -e RABBITMQ_); do printf '%s\n' -u "$variable"; done
  cat <<ENV
RABBITMQ_NODENAME=coordination@localhost
RABBITMQ_CONF_ENV_FILE=$folder/rabbitmq-env.conf
RABBITMQ_CONFIG_FILE=$folder/rabbitmq.conf
RABBITMQ_CONFIG_FILES=$folder/conf.d/*.conf
RABBITMQ_ADVANCED_CONFIG_FILE=$folder/advanced.config
RABBITMQ_ENABLED_PLUGINS_FILE=$folder/enabled_plugins
RABBITMQ_MNESIA_BASE=$folder/mnesia
RABBITMQ_LOG_BASE=$data/log
RABBITMQ_PID_FILE=$folder/pid
RABBITMQ_DIST_PORT=${port[rabbitmq-dist]}
RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}
ERL_EPMD_PORT=${port[epmd]}
ERL_EPMD_ADDRESS=127.0.0.1
LANG=C.UTF-8
ENV
}
