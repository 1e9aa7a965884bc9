#!/usr/bin/env bash
# docker/build-without-registry.sh [tag]: builds the image where Docker reaches no image registry, but Debian's, npm's
# and PyPI's packages can be had. The two base images are stand-ins made of packages, under names of their own; all
# else is the same Dockerfile. Takes the registries, and the authorities they are signed by, as this machine has them.
set -euo pipefail
cd "$(dirname "$0")/.."
tag=${1:-tierkit}
suite=trixie node=22 npm=10
base=standin/debian:$suite-slim image=standin/node:$node-$suite-slim
case $(uname -m) in
  x86_64) arch=x64 ;;
  aarch64) arch=arm64 ;;
  *) echo "no stand-in for $(uname -m)" >&2; exit 1 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
has() { docker image inspect "$1" >/dev/null 2>&1; }

if ! has "$base"; then
  if has "bed/base:$suite"; then docker tag "bed/base:$suite" "$base"
  else
    code=$(. /etc/os-release; echo "$VERSION_CODENAME")
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
      awk -v c="$code" '$2 == c && $3 == "main" { print $1; exit }')
    mmdebstrap -q --variant=minbase --include=ca-certificates $suite - "deb $mirror $suite main" | docker import - "$base" >/dev/null
  fi
fi

if ! has "$image"; then
  (cd "$work" && npm install --silent --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --prefix . \
    "node-linux-$arch@$node" "npm@$npm" </dev/null)
  cp -L "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$work/ca.crt"
  npm config get registry > "$work/registry"
  cat > "$work/Dockerfile" <<D
FROM $base
COPY node_modules/node-linux-$arch/bin/node /usr/local/bin/node
COPY node_modules/npm /usr/local/lib/node_modules/npm
COPY ca.crt /etc/ssl/certs/ca-certificates.crt
COPY registry /tmp/registry
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \\
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \\
 && npm config set -g registry "\$(cat /tmp/registry)" && rm /tmp/registry
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt
CMD ["node"]
D
  DOCKER_BUILDKIT=0 docker build -q --network host -t "$image" "$work" >/dev/null
fi

proxies=()
for name in http_proxy https_proxy no_proxy; do [ -z "${!name:-}" ] || proxies+=(--build-arg "$name"); done
DOCKER_BUILDKIT=0 docker build --network host --build-arg NODE="$image" --build-arg BASE="$base" "${proxies[@]}" -t "$tag" .
