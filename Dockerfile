# Kantor on Slack: docker build -t kantor . && docker run --env-file .env -v kantor-data:/data kantor
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements-setup.lock requirements.lock ./
# A pip that is known to read the lock, whichever one the base image brings.
RUN python -m venv /kantor \
  && /kantor/bin/python -m pip install --no-cache-dir --require-hashes -r requirements-setup.lock \
  && /kantor/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE manifest.json ./
COPY bot bot
COPY handlers handlers
COPY judge judge
COPY models models
COPY migrations migrations
# The build back end comes from PyPI by pip's own isolation; nothing of it stays in the image.
RUN /kantor/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12-slim
COPY --from=build /kantor /kantor
# By its number, so that a cluster can see that it is not root.
RUN useradd --create-home --uid 10001 kantor && mkdir /data && chown kantor /data
USER 10001
# Database, files and secret key live here: mount a volume, and back it up as one.
ENV KANTOR_DATA=/data PATH=/kantor/bin:$PATH
WORKDIR /data
ENTRYPOINT ["kantor"]
CMD ["run"]
