# The image of writeprobe: bin/image builds it. Works with the classic builder and with BuildKit.
#
# BUILD_IMAGE has a JDK 25 and Maven, RUNTIME_IMAGE a glibc, sh and bash. The tags are those of a release; to pin the
# bytes, give them with their digest: --build-arg RUNTIME_IMAGE=debian:12.12-slim@sha256:…
ARG BUILD_IMAGE=maven:3.9.12-eclipse-temurin-25
ARG RUNTIME_IMAGE=debian:12.12-slim

FROM ${BUILD_IMAGE} AS build
# For Maven: -o and a repository in the image build it without a network.
ARG MAVEN_FLAGS=""
ARG REVISION=unknown
# The time of all files, in seconds since 1970.
ARG SOURCE_DATE_EPOCH=0
WORKDIR /src
COPY . .
# The cache is made where it will be used: it knows the jars by their path, size and time.
RUN bin/install /opt/writeprobe \
    && mkdir -p /image/opt && mv /opt/writeprobe/writeprobe.aot / && mv /opt/writeprobe /image/opt/ \
    && touch -d "@$SOURCE_DATE_EPOCH" /image /image/opt /image/opt/writeprobe

FROM ${RUNTIME_IMAGE}
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
# Two layers, the second of which alone differs from build to build.
COPY --from=build /image/ /
COPY --from=build /writeprobe.aot /opt/writeprobe/writeprobe.aot
# Reports have signs beyond ASCII.
ENV LC_ALL=C.UTF-8
# Nobody in particular: it needs the group of the engine's socket (docker run --group-add), or --user 0 for the kernel's
# testimony. docs/deploy.md
USER 65532:65532
EXPOSE 9714
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/opt/writeprobe/bin/healthcheck"]
ENTRYPOINT ["/opt/writeprobe/bin/writeprobe"]
# Every address of the container: which of the machine's lead there is said by --publish.
CMD ["agent", "--web.listen-address", ":9714"]
