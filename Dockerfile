# Legato in one container: the server, its web app and a PostgreSQL that it runs itself under /data.
# Untried: no image registry is reachable where it was written. Please report what does not work.

# The web app. (web/dist is in the repository as well; this makes it from the sources that are there.)
FROM node:22-bookworm-slim AS web
WORKDIR /legato/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

# The server. Its C parts (libopus) want cmake, its AV1 decoder nasm.
FROM rust:1.95-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends cmake nasm \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /legato
COPY . .
COPY --from=web /legato/web/dist web/dist
RUN cargo build --release --locked --bin legato \
 && strip target/release/legato

FROM debian:bookworm-slim
# Without a cluster of Debian's own: Legato makes one in its data folder.
RUN mkdir -p /etc/postgresql-common/createcluster.d \
 && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/legato.conf \
 && apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates postgresql \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 1533 --home-dir /data --shell /usr/sbin/nologin legato \
 && install -d -o legato -g legato -m 0700 /data
COPY --from=build /legato/target/release/legato /usr/local/bin/legato
USER legato
WORKDIR /data
VOLUME /data
ENV LEGATO_DATA=/data LEGATO_LISTEN=0.0.0.0:4533 LEGATO_LOG_FORMAT=json
EXPOSE 4533
# The image holds no HTTP client, but bash can open a socket.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/4533 && printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
# SIGTERM ends it in order: requests, running steps, then PostgreSQL.
STOPSIGNAL SIGTERM
ENTRYPOINT ["legato"]
CMD ["serve"]
