# syntax=docker/dockerfile:1
# Builds nefro with Swift's own runtime inside, and puts it on a slim Debian. See docs/deployment.md.
#
#   docker build -t nefro .                             the base's weights come from a volume
#   docker build -t nefro --build-arg WEIGHTS=baked .   the weights are fetched now and are in the image
#
# Tags, not digests: the ones of the day are for whoever builds to look up.

ARG SWIFT=6.3
ARG DEBIAN=bookworm
# volume or baked
ARG WEIGHTS=volume

FROM swift:${SWIFT}-${DEBIAN} AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# Versions are the distribution's: a pinned one would be gone with the next security fix.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      binutils git libarchive-dev libpng-dev libsqlite3-dev libturbojpeg0-dev pkg-config python3 zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# The sources of libraries are a layer of their own, which changes less often than ours.
COPY Package.swift Package.resolve[d] ./
RUN swift package resolve
COPY . .
# The commit is stamped by the build from git; in a build without .git it says "unknown". Files that .dockerignore left out
# are no changes.
RUN { git ls-files --deleted -z | git update-index --assume-unchanged -z --stdin || true; } \
 && swift build -c release --product nefro --static-swift-stdlib \
 && install -D -s "$(swift build -c release --show-bin-path)/nefro" /install/bin/nefro \
 && install -D -m 644 -t /install/share/nefro/models Models/*.safetensors Models/*.md \
 && install -D -m 644 -t /install/share/doc/nefro LICENSE NOTICE \
 && scripts/sbom --source . --binary /install/bin/nefro --out /install/share/doc/nefro/sbom.cdx.json

# What the program needs to run, and no more. HDF5 is not here: only importing a weight file opens it.
FROM debian:${DEBIAN}-slim AS run
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      ca-certificates libarchive13 libpng16-16 libsqlite3-0 libstdc++6 libturbojpeg0 zlib1g \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /install /usr/local

FROM run AS weights-volume
RUN mkdir -p /weights/nefro/weights

FROM run AS weights-baked
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends libhdf5-103-1 python3 python3-pip \
 && rm -rf /var/lib/apt/lists/*
# The digest is checked by the program, and again whenever a model opens them.
RUN XDG_CACHE_HOME=/weights nefro weights fetch vgg16 \
 && find /weights -type f -exec chmod 644 {} + && find /weights -type d -exec chmod 755 {} +

# hadolint ignore=DL3006
FROM weights-${WEIGHTS} AS weights

FROM run
LABEL org.opencontainers.image.title="Nefro" \
      org.opencontainers.image.description="Classifier of kidney CT slices. Research use only." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --chmod=755 deploy/container/nefro-health /usr/local/bin/nefro-health
COPY --from=weights /weights/nefro /var/cache/nefro
# The only folder that is written. Whoever mounts nothing there loses its records with the container.
RUN install -d -o 10001 -g 10001 -m 700 /var/lib/nefro
VOLUME /var/lib/nefro
# A number, so that an orchestrator can see that it is not root.
USER 10001:10001
WORKDIR /var/lib/nefro
ENV HOME=/var/lib/nefro \
    NEFRO_STORE=/var/lib/nefro \
    XDG_CACHE_HOME=/var/cache
EXPOSE 8080
# Whether the process answers; whether its model does is /readyz, which a load balancer asks.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["nefro-health", "/healthz"]
ENTRYPOINT ["nefro"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080", "--behind-proxy"]
