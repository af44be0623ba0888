"""What only some deployments have, or only some processes do, is not in the memory of every bot."""

from __future__ import annotations

import subprocess
import sys

ELSEWHERE = ("boto3", "matplotlib", "numpy", "onnxruntime", "procrastinate", "psycopg", "pypianoroll", "scipy")
"""S3; the children that open files, and the doctor; PostgreSQL."""


def test_a_bot_with_a_file_for_a_database_has_what_it_needs() -> None:
    """Together they would double what it takes."""
    asked = f"import sys, bot.wiring; print(sorted(set(sys.modules) & set({ELSEWHERE})))"
    done = subprocess.run((sys.executable, "-c", asked), capture_output=True, text=True, check=True, timeout=120)
    assert "[]" == done.stdout.strip()
