#!/bin/sh
# The virtual environment in .venv, exactly as requirements.lock says. Done again only when the
# lock or the interpreter changed. Needs Python 3.11 or newer with pip, and nothing else.
set -eu
cd "$(dirname "$0")/.."

fail() {
    echo "set-up: $1" >&2
    exit 1
}

find_python() {
    for name in "${PYTHON:-python3}" python3.11 python3.12 python3.13 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

python=$(find_python) || fail "Python 3.11 or newer is needed (set PYTHON to its path)."
state=$({ "$python" -VV && echo "$python" && cat requirements.lock requirements-uv.txt; } | cksum)
if [ -x .venv/bin/python ] && [ "$(cat .venv/state 2>/dev/null)" = "$state" ]; then
    exit 0
fi
"$python" -m pip --version >/dev/null 2>&1 || fail "$python has no pip (Debian: python3-pip)."

# What pip is told about the network counts for uv too.
: "${UV_DEFAULT_INDEX:=${PIP_INDEX_URL:-$("$python" -m pip config get global.index-url 2>/dev/null || :)}}"
: "${SSL_CERT_FILE:=${PIP_CERT:-}}"
[ -z "$UV_DEFAULT_INDEX" ] && unset UV_DEFAULT_INDEX || export UV_DEFAULT_INDEX
[ -z "$SSL_CERT_FILE" ] && unset SSL_CERT_FILE || export SSL_CERT_FILE

umask 022 # the database runs as another account when this one is root
rm -f .venv/state
echo "set-up: installing into .venv"
[ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null ||
    "$python" -m venv --clear --without-pip .venv || fail "python -m venv failed."
"$python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --upgrade --root-user-action=ignore \
    --target .venv/uv --require-hashes -r requirements-uv.txt || fail "uv could not be installed."
.venv/uv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes \
    --compile-bytecode requirements.lock || fail "the locked packages could not be installed."
echo "$state" >.venv/state
echo "set-up: done"
