#!/usr/bin/env bash
# Installs what is missing, builds without a warning, checks the layout of the code and runs every test. Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")"

say() { printf '\n== %s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; echo "0 passed, 1 failed"; exit 1; }

command -v dotnet >/dev/null || fail "The .NET SDK 10 is missing. Install it (https://dot.net) and run this again."
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing Node"
    apt-get update -qq && apt-get install -y -qq nodejs npm || fail "Node 20 could not be installed. Install it and run this again."
  else
    fail "Node 20 is missing. Install it (sudo apt-get install nodejs npm) and run this again."
  fi
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1

say "Build (a warning is an error)"
dotnet build Logi.Functions.sln -c Release -v quiet || fail "The solution does not build."

if [ "${1:-}" != "--fast" ]; then
  say "Format"
  dotnet format Logi.Functions.sln --verify-no-changes --no-restore || fail "Run 'dotnet format Logi.Functions.sln' and commit the result."
fi

say "Tests"
passed=0; failed=0
for project in tests/*/*.tests.csproj; do
  name=$(basename "$project" .tests.csproj)
  out=$(dotnet run --project "$project" -c Release --no-build -- -noLogo -noColor 2>&1); code=$?
  printf '%s\n' "$out" | grep -vE '^\s+(Discover|Starting|Finished)' | tail -n 400
  total=$(printf '%s' "$out" | grep -oE 'Total: [0-9]+' | tail -1 | grep -oE '[0-9]+' || echo 0)
  bad=$(printf '%s' "$out" | grep -oE 'Failed: [0-9]+' | tail -1 | grep -oE '[0-9]+' || echo 0)
  errors=$(printf '%s' "$out" | grep -oE 'Errors: [0-9]+' | tail -1 | grep -oE '[0-9]+' || echo 0)
  skipped=$(printf '%s' "$out" | grep -oE 'Skipped: [0-9]+' | tail -1 | grep -oE '[0-9]+' || echo 0)
  : "${total:=0}" "${bad:=0}" "${errors:=0}" "${skipped:=0}"
  bad=$((bad + errors))
  if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; echo "$name ended with code $code"; fi
  passed=$((passed + total - bad - skipped)); failed=$((failed + bad))
  [ "$passed" -lt 0 ] && passed=0
  echo "$name: $total tests, $bad failed, $skipped skipped"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
