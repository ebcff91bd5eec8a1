# Set-up that demo and test share. Sourced, not run.
# shellcheck shell=bash

set -euo pipefail

project="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

say() { printf '\n== %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Swift 6.2 or newer must be there: it is not a Debian package.
need_swift() {
  command -v swift >/dev/null || die "Swift is not on the PATH. Install Swift 6.2 or newer from https://www.swift.org/install/linux and run this again."
  local version
  version="$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)"
  awk -v v="$version" 'BEGIN { split(v, p, "."); exit !(p[1] > 6 || (p[1] == 6 && p[2] >= 2)) }' ||
    die "Swift $version is too old: 6.2 or newer is needed. See https://www.swift.org/install/linux."
}

# Installs those of the named Debian packages that are missing.
need_packages() {
  command -v dpkg-query >/dev/null || die "This set-up knows Debian and Ubuntu. Elsewhere install what these packages hold, then run 'swift build -c release': $*"
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "These Debian packages are missing, and neither root nor sudo is at hand to install them: ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || {
    "${as_root[@]}" apt-get update -qq &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  } || die "These Debian packages could not be installed: ${missing[*]}. Install them by hand and run this again."
}

# What every build needs. libhdf5 is loaded only when a weight file in HDF5 is imported; pip only when
# the weights' official host cannot be reached.
build_packages=(libturbojpeg0-dev libpng-dev libhdf5-dev libarchive-dev libsqlite3-dev zlib1g-dev pkg-config ca-certificates python3 python3-pip)

build_nefro() {
  say "Building (the first time takes several minutes)"
  (cd "$project" && swift build -c release --product nefro)
  nefro="$(cd "$project" && swift build -c release --show-bin-path)/nefro"
}

fetch_weights() {
  say "Weights of VGG-16"
  "$nefro" weights fetch vgg16
}
