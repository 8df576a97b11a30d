#!/usr/bin/env bash
# Installs what the autograder needs, once, when Gradescope builds the image, and then tries it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends bubblewrap libseccomp2 python3 python3-venv
python=
find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        if "$candidate" -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            python=$candidate
            return
        fi
    done
}
find_python
if [ -z "$python" ]; then
    apt-get install -y -q --no-install-recommends python3.11 python3.11-venv
    find_python
fi
"$python" -m venv /autograder/venv
pip() { /autograder/venv/bin/pip --disable-pip-version-check install --quiet --constraint "$here/$1" "${@:2}"; }
install() { pip "$1" "$here/program"; }
# The pip that comes with a Python may take minutes to find that two versions do not agree.
pip constraints.txt --upgrade pip || true
# A version that was tried elsewhere may not be had here.
install constraints.txt || {
    echo "setup: not every version can be had here; holding to those that decide grades" >&2
    install constraints-least.txt
}
# Students' code runs as another user: only root reads the solutions.
chmod -R go= "$here/course/solutions"
# The course's own answers, graded as a submission: the build's log then says whether this container can grade.
trial=$(mktemp -d)
chmod 755 "$trial"
mkdir "$trial/submission"
ln -s "$here" "$trial/source"
ln -s /autograder/venv "$trial/venv"
for answer in @ANSWERS@; do cp "$here/course/${answer#* }" "$trial/submission/${answer%% *}.py"; done
if (cd "$trial" && bash "$here/run_autograder"); then
    echo "setup: the autograder graded the course's own answers"
else
    echo "setup: THE AUTOGRADER CANNOT GRADE IN THIS CONTAINER, for the reason above" >&2
fi
rm -rf "$trial"
