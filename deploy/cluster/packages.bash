# shellcheck shell=bash
# Installs from Debian what is needed here and this machine lacks. Sourced, never run.

has_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_rabbitmq() { [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] && command -v erl epmd >/dev/null; }

# What a cluster needs.
install_packages() {
  local wanted=()
  has_postgresql || wanted+=(postgresql)
  has_rabbitmq || wanted+=(rabbitmq-server)
  command -v nginx >/dev/null || wanted+=(nginx-light)
  [ ${#wanted[@]} -eq 0 ] || install_from_debian "${wanted[@]}"
}

# Services of what is installed here are neither started nor started with the machine: the cluster runs processes of its own, and
# what was on the machine before stays as it was.
install_from_debian() { # PACKAGE...
  local wanted=("$@")
  command -v apt-get >/dev/null || fail "${wanted[*]} must be installed, and there is no apt-get here to do it with"
  [ "$EUID" -eq 0 ] || sudo -n true 2>/dev/null || fail "${wanted[*]} must be installed. Run as root, or first: sudo apt-get install ${wanted[*]}"
  say "Installing Debian's ${wanted[*]}"
  as_root() { if [ "$EUID" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }
  local log
  log=$(as_root apt-get -q -o DPkg::Lock::Timeout=120 update 2>&1) || { printf '%s\n' "$log" >&2; fail "apt-get update failed"; }

  # dpkg asks this program whether it may start a service.
  local policy=/usr/sbin/policy-rc.d kept
  kept=$(mktemp -d)
  # shellcheck disable=SC2317 # called by the trap
  restore_policy() {
    if as_root test -e "$kept/policy-rc.d"; then as_root mv "$kept/policy-rc.d" "$policy"; else as_root rm -f "$policy"; fi
    rmdir "$kept"
  }
  if [ -e "$policy" ]; then as_root mv "$policy" "$kept/policy-rc.d"; fi
  trap restore_policy EXIT
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
  log=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "${wanted[@]}" 2>&1) || {
    printf '%s\n' "$log" >&2
    fail "apt-get install ${wanted[*]} failed"
  }
  restore_policy
  trap - EXIT

  if command -v systemctl >/dev/null; then
    local package
    for package in "${wanted[@]}"; do
      as_root systemctl -q disable "${package/-light/}" 2>/dev/null || true
    done
  fi
}
