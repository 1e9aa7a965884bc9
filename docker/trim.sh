#!/bin/sh
# trim.sh node_modules: removes what an installed engine never loads, and makes ready what it would make at its start.
set -eu
cd "$1"
# For bundlers, compilers and readers.
find . -type d \( -name dist-es -o -name dist-types -o -name @types \) -prune -exec rm -rf {} +
find . -type f \( -name '*.map' -o -name '*.ts' -o -name '*.md' \) -delete
# Prebuilt binaries for other versions of Node and another C library, where one that fits them all lies beside.
abi=node.abi$(node -p process.versions.modules).glibc.node
for folder in @lmdb/* @msgpackr-extract/*; do
  if [ -e "$folder/$abi" ]; then find "$folder" -name '*.node' ! -name "$abi" -delete
  else find "$folder" \( -name 'node.abi*.node' -o -name '*musl*.node' \) -delete
  fi
done
# Postgres: what links against it, and its own tools' libraries.
cd @embedded-postgres/linux-*
rm -f native/lib/*.a native/bin/pg_ctl
rm -rf native/lib/pkgconfig native/include native/lib/postgresql/pgxs
node scripts/hydrate-symlinks.js
