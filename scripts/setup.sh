# Sourced by the other scripts: where the project is, and Debian packages.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

build_packages=(
  g++ cmake ninja-build ccache python3 git tzdata
  libabsl-dev libprotobuf-dev protobuf-compiler rapidjson-dev libcli11-dev
  libgtest-dev libgmock-dev libbenchmark-dev
  pkg-config dpkg-dev man-db abigail-tools
)
# The Python package, its arrays, pictures, types and installation.
python_packages=(
  pybind11-dev python3-dev python3-numpy python3-matplotlib mypy python3-venv
  python3-pip python3-setuptools python3-wheel
)
# The second compiler, its sanitizers, and the tools that look at the code.
tool_packages=(clang-19 libclang-rt-19-dev clang-format-19 clang-tidy-19
  doxygen)

# One compiler cache for all clones: paths inside the project are relative.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=true

say() { printf '\n== %s\n' "$*"; }

# require_packages NAME...: installs those that are not there.
require_packages() {
  local missing=() name as_root=() line
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "This is not a Debian system. Install what Debian 12 calls:"
    printf '   %s\n' "$*"
    exit 1
  fi
  for name in "$@"; do
    if [[ $(dpkg-query -W -f='${db:Status-Status} ' "$name" 2>/dev/null) \
        != *installed\ * ]]; then
      missing+=("$name")
    fi
  done
  if ((${#missing[@]} == 0)); then return; fi
  line="apt-get install -y --no-install-recommends ${missing[*]}"
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      say "Packages are missing and there is neither root nor sudo." \
        "Run this as root, then start again:"
      printf '   apt-get update && %s\n' "$line"
      exit 1
    fi
    as_root=(sudo)
  fi
  say "Installing Debian packages: ${missing[*]}"
  "${as_root[@]}" apt-get update -q
  # Only words without blanks in $line.
  # shellcheck disable=SC2086
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $line
}

# build PRESET [TARGET...]: configures and builds with every core.
build() {
  local preset=$1
  shift
  say "Building (preset $preset, $(nproc) cores)"
  local log
  log=$(mktemp)
  cmake --preset "$preset" >"$log" 2>&1 || {
    cat "$log"
    rm -f "$log"
    exit 1
  }
  rm -f "$log"
  cmake --build --preset "$preset" --parallel "$(nproc)" \
    ${1:+--target "$@"}
}
