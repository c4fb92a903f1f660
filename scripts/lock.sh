#!/bin/sh
# lock.sh: requirements.lock for every platform and Python 3.11+, with hashes and without addresses.
set -eu
if ! command -v uv >/dev/null 2>&1; then
    echo "Locking needs uv: pip install uv" >&2
    exit 1
fi
uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --no-annotate -q -o requirements.lock "$@"
