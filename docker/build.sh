#!/usr/bin/env bash
# docker/build.sh [tag]: builds the image, also where no image registry can be reached.
set -euo pipefail
cd "$(dirname "$0")/.."
tag=${1:-tierkit}
for image in $(sed -n 's/^ARG \(NODE\|BASE\)=//p' Dockerfile); do
  docker image inspect "$image" >/dev/null 2>&1 || timeout 120 docker pull -q "$image" >/dev/null 2>&1 ||
    exec docker/build-without-registry.sh "$tag"
done
docker build -t "$tag" .
