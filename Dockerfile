# The engine as an image that stands in for LocalStack's: docs/docker.md says how to use it, and what is different.
#
#   docker build -t tierkit .
#   docker buildx build --platform linux/amd64,linux/arm64 -t <registry>/tierkit --push .
#
# Nothing here knows a processor: what is of one comes from the base images, Debian, npm and PyPI.
ARG NODE=node:22-trixie-slim
ARG BASE=debian:trixie-slim

# ---- the package, as npm would publish it ----------------------------------------------------
FROM ${NODE} AS package
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY engine/package.json engine/
COPY engine/bin engine/bin
COPY app/package.json app/
COPY app/web/package.json app/web/
COPY infra/package.json infra/
COPY localstack/package.json localstack/
COPY integration-tests/package.json integration-tests/
COPY bench/package.json bench/
RUN npm ci -w tierkit --include-workspace-root
COPY engine engine
# Built by name: .npmrc lets npm run no scripts, the package's own among them.
RUN npm run build -w tierkit -- --clean && mkdir /packed && npm pack -w tierkit --pack-destination /packed

# ---- the package and what it needs, in the lockfile's versions, without what never runs -----------
FROM ${NODE} AS app
WORKDIR /opt/tierkit
COPY package.json package-lock.json .npmrc ./
COPY engine/package.json engine/
COPY engine/bin engine/bin
COPY app/package.json app/
COPY app/web/package.json app/web/
COPY infra/package.json infra/
COPY localstack/package.json localstack/
COPY integration-tests/package.json integration-tests/
COPY bench/package.json bench/
RUN npm ci --omit=dev -w tierkit --include-workspace-root=false
COPY --from=package /packed /packed
COPY docker/trim.sh /
RUN rm -r node_modules/tierkit && mkdir node_modules/tierkit \
 && tar -xzf /packed/tierkit-*.tgz -C node_modules/tierkit --strip-components=1 \
 && sh /trim.sh node_modules

# ---- Node without its symbols, and the AWS CLI -----------------------------------------------
FROM ${NODE} AS tools
RUN apt-get update && apt-get install -y --no-install-recommends binutils python3-pip
COPY docker/awscli.txt docker/trim-awscli.py /
RUN strip -o /node "$(command -v node)" \
 && pip install --no-cache-dir --target /awscli -r /awscli.txt \
 && python3 /trim-awscli.py /awscli

# ---- the image ---------------------------------------------------------------------------------
FROM ${BASE}
# curl and Python because init scripts and health checks made for LocalStack's image use them.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl python3 tini valkey-server \
 && echo /usr/local/lib/awscli > /usr/lib/python3/dist-packages/awscli.pth \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /etc/valkey \
 && useradd --uid 1000 --user-group --create-home --shell /bin/bash localstack \
 && mkdir -p /var/lib/localstack /etc/localstack/init/boot.d /etc/localstack/init/start.d \
    /etc/localstack/init/ready.d /etc/localstack/init/shutdown.d \
 && chown -R localstack:localstack /var/lib/localstack
COPY --from=tools /awscli /usr/local/lib/awscli
COPY --from=tools /node /usr/local/bin/node
COPY --from=app /opt/tierkit/node_modules /opt/tierkit/node_modules
COPY docker/bin /usr/local/bin
USER localstack
# 0.0.0.0 of the container: what of it is reached from outside is for `docker run -p` to say.
ENV GATEWAY_LISTEN=0.0.0.0:4566
EXPOSE 4566 4510-4559
VOLUME /var/lib/localstack
# The first check comes after one interval; see the script.
HEALTHCHECK --interval=700ms --timeout=20s --retries=10 CMD ["healthy"]
# -s: also where the container has an init of its own.
ENTRYPOINT ["tini", "-s", "--", "docker-entrypoint.sh"]
