# shellcheck shell=bash
# Installs from Debian what is needed here and this machine lacks. Sourced, never run.

# Where Debian keeps nginx and others, and a user's PATH does not reach.
PATH=$PATH:/usr/sbin:/sbin

has_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_rabbitmq() { [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] && command -v erl >/dev/null && command -v epmd >/dev/null; }

# What a cluster needs.
install_packages() {
  local wanted=()
  has_postgresql || wanted+=(postgresql)
  has_rabbitmq || wanted+=(rabbitmq-server)
  command -v nginx >/dev/null || wanted+=(nginx-light)
  [ ${#wanted[@]} -eq 0 ] || install_from_debian "${wanted[@]}"
}

# Asked by dpkg whether a service may be started. What an administrator put there is kept beside it meanwhile.
policy=/usr/sbin/policy-rc.d
policy_kept=$policy.kept
policy_mark='# Nothing is started while Coordination installs packages.'

as_root() { if [ "$EUID" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

hold_services() {
  restore_policy
  if [ -e "$policy" ]; then as_root mv "$policy" "$policy_kept"; fi
  printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
}

# Also after a run that was killed in the middle: then it finds ours.
restore_policy() {
  if grep -qsF "$policy_mark" "$policy"; then as_root rm -f "$policy"; fi
  if [ -e "$policy_kept" ]; then as_root mv "$policy_kept" "$policy"; fi
}

# Services of what is installed here are neither started nor started with the machine: the cluster runs processes of its own, and
# what was on the machine before stays as it was.
install_from_debian() { # PACKAGE...
  local wanted=("$@") log turn
  command -v apt-get >/dev/null || fail "${wanted[*]} must be installed, and there is no apt-get here to do it with"
  [ "$EUID" -eq 0 ] || sudo -n true 2>/dev/null || fail "${wanted[*]} must be installed. Run as root, or first: sudo apt-get install ${wanted[*]}"
  say "Installing Debian's ${wanted[*]}"
  # One at a time on this machine: the second would take the first one's policy for an administrator's.
  exec {turn}</usr/sbin
  flock -w 600 "$turn" || fail "another installation has been at work for 10 minutes"
  log=$(as_root apt-get -q -o DPkg::Lock::Timeout=120 update 2>&1) || { printf '%s\n' "$log" >&2; fail "apt-get update failed"; }
  trap restore_policy EXIT
  hold_services
  log=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "${wanted[@]}" 2>&1) || {
    printf '%s\n' "$log" >&2
    fail "apt-get install ${wanted[*]} failed"
  }
  restore_policy
  trap - EXIT
  exec {turn}<&-

  if command -v systemctl >/dev/null; then
    local package
    for package in "${wanted[@]}"; do
      as_root systemctl -q disable "${package/-light/}" 2>/dev/null || true
    done
  fi
}
