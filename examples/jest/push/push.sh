#!/bin/sh
# A push that breaks one of six modules, in a repository of its own: the fault is on a branch, as in a pull request.
set -e
here=$(cd "$(dirname "$0")" && pwd)
checkout="$here/../.tmp/push-${BUILDKITE_JOB_ID:-$$}"
trap 'rm -rf "$checkout"' EXIT
mkdir -p "$checkout"
cp -R "$here/shop/." "$checkout"
cd "$checkout"
commit() {
  git add -A && git -c user.name=Push -c user.email=push@example.com commit -qm "$1"
}
git init -q -b main
commit 'The shop'
git switch -qc round-taxes
cp -R "$here/change/." .
commit 'Round taxes down'
"$here/../node_modules/.bin/jest"
