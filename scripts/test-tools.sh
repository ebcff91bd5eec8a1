# Python environments of outside programs that tests talk to. Sourced, not run.
# shellcheck shell=bash

export NEFRO_TEST_CACHE="${NEFRO_TEST_CACHE:-$HOME/.cache/nefro-tests}"

# Makes the environment of each file in Tests/tools that is not there yet. One that cannot be made is no failure:
# its tests are skipped, loudly.
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
      printf 'SKIPPED: the Python packages of Tests/tools/%s.txt could not be installed; tests that need them do not run.\n' "$name" >&2
      rm -rf "$folder"
    fi
  done
}

# Debian's Chromium and its driver, for the pages. A system without such packages is no failure either.
want_browser() {
  (need_packages chromium chromium-driver) 2>/dev/null ||
    printf 'SKIPPED: the packages chromium and chromium-driver could not be installed; the pages are not tested in a browser.\n' >&2
}
