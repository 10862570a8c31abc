#!/usr/bin/env bash
# Levee's main job, step by step, on a store that is thrown away at the end.
#
#   examples/walkthrough.sh [TABLE [PREDICATE]]     (default: the trips beside this file)
#
# LEVEE names the program (default build/release/bin/levee).
set -euo pipefail
cd "$(dirname "$0")/.."

LEVEE="${LEVEE:-build/release/bin/levee}"
table="${1:-}"
where="${2:-}"
if [ -z "$table" ]; then
  table=examples/trips
  where="${where:-date = '2024-03-03' AND trip_id BETWEEN 1800 AND 2200}"
fi
[ -x "$LEVEE" ] || { echo "walkthrough: no $LEVEE (run: make build)" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
levee() { "$LEVEE" --store "$work/walkthrough.db" "$@"; }

# Prints a heading and the command, runs it, and says how long the whole process took.
step() {
  local title="$1" code=0 began ended word
  shift
  printf '\n-- %s\n$ levee' "$title"
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9_./:=,-]+$ ]]; then printf ' %s' "$word"; else printf ' "%s"' "$word"; fi
  done
  printf '\n'
  began=${EPOCHREALTIME/[.,]/}
  levee "$@" || code=$?
  ended=${EPOCHREALTIME/[.,]/}
  awk -v us=$((ended - began)) 'BEGIN { printf "   (%.1f ms, the whole process)\n", us / 1000 }'
  return "$code"
}

filter=()
[ -n "$where" ] && filter=(--where "$where")

step "Import: the log is read once, into the store" add "$table"
step "How many files the table has" files "$table" --count
step "The files this question must read, and what each step skipped" \
  files "$table" "${filter[@]}" --limit 10 --explain --analyze
step "The same question again, as a script would ask it" \
  files "$table" "${filter[@]}" --limit 10 --format paths

latest=$(levee show "$table" --format json | sed -n 's/.*"version": *\([0-9]*\).*/\1/p' | head -n 1)
older=$((${latest:-0} / 2))
step "The same question at version $older of $latest" \
  files "$table" "${filter[@]}" --version "$older" --limit 10 --format paths ||
  echo "   (version $older cannot be read any more: the message above says which can)"
