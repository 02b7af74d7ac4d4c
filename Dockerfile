# The image of writeprobe: bin/image builds it. Works with the classic builder and with BuildKit.
#
# BUILD_IMAGE has a JDK 25 and Maven. RUNTIME_IMAGE has a glibc, sh and bash, which are copied from it; nothing else of it is
# in the image. The tags name releases; to pin the exact
# content, add the digest: --build-arg RUNTIME_IMAGE=debian:12.12-slim@sha256:…
ARG BUILD_IMAGE=maven:3.9.12-eclipse-temurin-25
ARG RUNTIME_IMAGE=debian:12.12-slim

FROM ${BUILD_IMAGE} AS build
# Options for Maven. With -o, and a repository in BUILD_IMAGE, the build needs no network.
ARG MAVEN_FLAGS=""
ARG REVISION=unknown
# The time of all files, in seconds since 1970.
ARG SOURCE_DATE_EPOCH=0
WORKDIR /src
COPY . .
# The AOT cache is created where it is used, because it checks the path, size and time of the jars.
RUN bin/install --image /opt/writeprobe \
    && mkdir -p /image/opt && mv /opt/writeprobe/writeprobe.aot / && mv /opt/writeprobe /image/opt/ \
    && touch -d "@$SOURCE_DATE_EPOCH" /image /image/opt /image/opt/writeprobe

FROM ${RUNTIME_IMAGE} AS base
ARG SOURCE_DATE_EPOCH=0
COPY package/image-base /
RUN sh /image-base /base && find /base -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

FROM scratch
ARG RUNTIME_IMAGE
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="writeprobe" \
      org.opencontainers.image.description="Verifies, by really trying, that live containers can be written only where they are supposed to be." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}"
# Three layers. Only the last one differs from build to build.
COPY --from=base /base/ /
COPY --from=build /image/ /
COPY --from=build /writeprobe.aot /opt/writeprobe/writeprobe.aot
# Reports contain characters outside ASCII.
ENV LC_ALL=C.UTF-8
# An unprivileged user. It needs the group of the engine's socket (docker run --group-add); the procfs witness needs
# --user 0. See docs/deploy.md.
USER 65532:65532
EXPOSE 9714
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/opt/writeprobe/bin/healthcheck"]
ENTRYPOINT ["/opt/writeprobe/bin/writeprobe"]
# Listens on every address of the container; --publish selects addresses of the host.
CMD ["agent", "--web.listen-address", ":9714"]
