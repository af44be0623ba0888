# Kantor on Slack; docs/deploy.md says how to use it.
#   docker build -t kantor . && docker run --read-only --tmpfs /tmp --env-file .env -v kantor-data:/data kantor
# Your own registry, or an image by its digest: --build-arg PYTHON=registry.example.com/python:3.12-slim-bookworm
ARG PYTHON=python:3.12-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /src
COPY requirements-setup.lock requirements-build.lock requirements.lock ./
# /build installs and packs; /kantor is what runs, and has neither pip nor a build back end. Each package by its hash, those of /build, too.
RUN python -m venv /build \
  && /build/bin/python -m pip install --no-cache-dir --require-hashes -r requirements-setup.lock \
  && /build/bin/python -m pip install --no-cache-dir --require-hashes -r requirements-build.lock \
  && python -m venv --without-pip /kantor \
  && /build/bin/python -m pip --python /kantor/bin/python install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE manifest.json ./
COPY bot bot
COPY handlers handlers
COPY judge judge
COPY models models
COPY migrations migrations
RUN /build/bin/python -m hatchling build -t wheel -d /wheel \
  && /build/bin/python -m pip --python /kantor/bin/python install --no-cache-dir --no-deps /wheel/*.whl

FROM ${PYTHON}
LABEL org.opencontainers.image.title="Kantor" org.opencontainers.image.licenses="MIT"
# By number: a volume that was written by this image belongs to the next one, too.
RUN groupadd --gid 10001 kantor \
  && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin kantor \
  && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /kantor /kantor
# Nothing but /data and /tmp is ever written: --read-only.
ENV KANTOR_DATA=/data PATH=/kantor/bin:$PATH
USER 10001:10001
WORKDIR /data
# Where the bot's own metrics are, whatever proxies there may be. A command such as `kantor migrate` ends before it is asked.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", "import http.client, os, sys; door = http.client.HTTPConnection(os.environ.get('KANTOR_METRICS_ADDRESS') or '127.0.0.1:9464', timeout=4); door.request('GET', '/healthz'); sys.exit(door.getresponse().status != 200)"]
ENTRYPOINT ["kantor"]
CMD ["run"]
