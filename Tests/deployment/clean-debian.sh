# A Debian that has nothing else, in a folder. Sourced, not run.
# shellcheck shell=bash
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/setup.sh"

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
check() { "${@:2}" || die "$1"; printf 'ok    %s\n' "$1"; }

# Makes the folder $root, or a new one where it names none, a Debian as small as can be. Sets $start before that.
# A new one, and what is mounted in any, goes when the script ends.
clean_debian() {
  [ "$(id -u)" = 0 ] || die "debootstrap and chroot need root"
  command -v debootstrap >/dev/null || need_packages debootstrap
  made=""
  shown=()
  if [ -z "$root" ]; then
    root="$(mktemp -d)"
    # Others than root must be able to go through it.
    chmod 755 "$root"
    made="$root"
  fi
  trap tidy EXIT
  # shellcheck disable=SC2034 # told by those who source this
  start=$SECONDS
  if [ ! -e "$root/etc/debian_version" ]; then
    say "A clean Debian"
    # The release of this machine, from where it gets its packages.
    # shellcheck source=/dev/null
    source /etc/os-release
    debootstrap --variant=minbase "$VERSION_CODENAME" "$root" >"$root.log" 2>&1 ||
      { tail -n 5 "$root.log" >&2; die "debootstrap failed"; }
    rm -f "$root.log"
  fi
  # Packages come from where this machine gets its own.
  local file
  for file in /etc/apt/apt.conf.d /etc/apt/sources.list /etc/apt/sources.list.d /etc/resolv.conf /etc/hosts; do
    rm -rf "${root:?}$file"
    [ ! -e "$file" ] || cp -aL "$file" "$root$file"
  done
  mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
  inside apt-get update -qq >/dev/null
}

# Makes a folder of this machine visible there, at the same place.
show() {
  mkdir -p "$root$1"
  mount --bind "$1" "$root$1"
  shown+=("$1")
}

tidy() {
  local place
  for ((place = ${#shown[@]} - 1; place >= 0; place--)); do umount "$root${shown[place]}" 2>/dev/null || true; done
  umount "$root/proc" 2>/dev/null || true
  [ -n "$made" ] || return 0
  # What is still mounted is this machine's own: it must not be removed along.
  if grep -qF " $made/" /proc/self/mounts; then
    printf 'error: %s is left, since something in it is in use: unmount what "findmnt" shows there, then remove it\n' "$made" >&2
  else
    rm -rf --one-file-system "$made"
  fi
}
