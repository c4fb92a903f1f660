#!/bin/sh
# install.sh VENV STAMP: the Python environment, from the hashed lock.
set -eu
venv=$1 stamp=$2

if [ -L "$venv" ]; then # a linked environment is kept by whoever made it
    touch "$stamp"
    exit 0
fi

python=
for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "CareHub needs Python 3.11 or later. Install it (on Debian: apt-get install python3 python3-venv), then again." >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    echo "This Python cannot make environments. Install its venv module (on Debian: apt-get install python3-venv)." >&2
    exit 1
fi

echo "Python environment, $("$python" --version)"
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null
if ! "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock; then
    echo "The packages of requirements.lock could not be installed: is the package index reachable?" >&2
    exit 1
fi
"$venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
touch "$stamp"
