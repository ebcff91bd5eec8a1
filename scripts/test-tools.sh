# Python environments of outside programs that tests talk to. Sourced, not run.
# shellcheck shell=bash

export NEFRO_TEST_CACHE="${NEFRO_TEST_CACHE:-$HOME/.cache/nefro-tests}"

# With NEFRO_TEST_REQUIRED=1, as in CI, what cannot be installed is a failure: else its tests are skipped, loudly.
missing_tool() {
  [ "${NEFRO_TEST_REQUIRED:-0}" = 0 ] || die "$1 could not be installed, and NEFRO_TEST_REQUIRED asks for all tests"
  printf 'SKIPPED: %s could not be installed; tests that need that do not run.\n' "$1" >&2
}

# Makes the environment of each file in Tests/tools that is not there yet.
need_python_tools() {
  local list name folder
  for list in "$project"/Tests/tools/*.txt; do
    name="$(basename "$list" .txt)"
    # TensorFlow takes more than a gigabyte: only the long series needs it.
    [ "$name" = keras ] && [ "${NEFRO_TEST_FULL:-0}" = 0 ] && continue
    folder="$NEFRO_TEST_CACHE/$name"
    cmp -s "$list" "$folder/complete.txt" && continue
    say "Python environment '$name'"
    rm -rf "$folder"
    mkdir -p "$NEFRO_TEST_CACHE"
    if python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$list"; then
      cp "$list" "$folder/complete.txt"
    else
      rm -rf "$folder"
      missing_tool "what Tests/tools/$name.txt lists"
    fi
  done
}

# Debian's Chromium and its driver, for the pages.
want_browser() {
  (need_packages chromium chromium-driver) 2>/dev/null || missing_tool "Debian's chromium or chromium-driver"
}

# What makes, reads and checks a release: man pages, the package, a copy of the records.
want_packaging() {
  (need_packages binutils dpkg-dev groff-base gzip python3 shellcheck sqlite3 xz-utils) 2>/dev/null ||
    missing_tool "Debian's packaging tools, groff-base, shellcheck or sqlite3"
}
