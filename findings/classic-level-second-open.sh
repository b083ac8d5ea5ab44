#!/usr/bin/env bash
# classic-level 3.0.0 (npm), LevelDB for Node: a second open in one process, which is refused, gives the lock away.
#
# LevelDB locks its folder by fcntl. It opens the file LOCK before it finds out that its own process has the folder already,
# and closes it again; POSIX then drops every lock of the process on that file. So after a refused second open another
# process may open the database, and both write to it. A server that opens its database once is safe.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund classic-level@3.0.0

cat >other.cjs <<'JS'
const { ClassicLevel } = require('classic-level');
new ClassicLevel('data').open().then(
  () => console.log('another process: open'),
  (error) => console.log(`another process: ${error.cause.code}`),
);
JS
cat >first.cjs <<'JS'
const { execFileSync } = require('node:child_process');
const { ClassicLevel } = require('classic-level');
const other = () => process.stdout.write(execFileSync(process.execPath, ['other.cjs']));
(async () => {
  await new ClassicLevel('data').open();
  other();
  await new ClassicLevel('data').open().catch((error) => console.log(`this process again: ${error.cause.code}`));
  other();
})();
JS
seen="$(node first.cjs)"
echo "$seen"
expected="another process: LEVEL_LOCKED
this process again: LEVEL_LOCKED
another process: open"
[ "$seen" = "$expected" ] || { echo "classic-level behaves otherwise now; expected:"; echo "$expected"; exit 1; }
