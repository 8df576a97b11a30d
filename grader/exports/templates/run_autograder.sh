#!/usr/bin/env bash
# Grades the submission in /autograder/submission, which is where Gradescope starts this: the working directory.
# When something could not be graded the results hold a text and no score: Gradescope then says that the autograder failed,
# and nothing is recorded. Why it failed is in the output, which instructors see.
set -euo pipefail
root=$PWD
results=$root/results/results.json
mkdir -p "$root/results"
rm -f "$results"
exercises=(@EXERCISES@)
course=$root/source/course
# Students' code runs as another user, who may read neither the solutions nor the results, nor what Python keeps of them.
umask 077
chmod -R go= "$course/solutions" "$root/results"
work=$(mktemp -d)
end() {
    code=$?
    rm -rf "$work"
    if [ ! -s "$results" ]; then
        cp "$root/source/not_graded.json" "$results"
        cat "$root/source/not_graded.txt"
    fi
    exit "$code"
}
trap end EXIT
mkdir "$work/submission"
cp -rP "$root/submission/." "$work/submission/"
if [ ${#exercises[@]} = 1 ]; then
    # A single file is the answer, whatever it is called.
    shopt -s nullglob
    files=("$root"/submission/*.py "$root"/submission/*.ipynb)
    if [ ${#files[@]} = 1 ]; then
        rm -r "$work/submission"
        mkdir "$work/submission"
        # A link could lead to the solutions: it stays a link, and links are not graded.
        cp -P "${files[0]}" "$work/submission/${exercises[0]}.${files[0]##*.}"
        # Packages beside it may be what it imports.
        for package in "$root"/submission/*/__init__.py; do cp -rP "${package%/*}" "$work/submission/"; done
    fi
fi
# When it was handed in is Gradescope's to say: the files are as old as this container.
handed_in=$("$root/venv/bin/python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["created_at"])'     "$root/submission_metadata.json" 2>/dev/null || true)
if [ -n "$handed_in" ]; then find "$work/submission" -exec touch -h -d "$handed_in" {} + || true; fi
options=()
for exercise in "${exercises[@]}"; do options+=(--exercise "$exercise"); done
grader() { "$root/venv/bin/python" -m grader.cli "$@" --course "$course" --lang @LANGUAGE@; }
grader grade "$work/submission" --student student --output "$work/graded" --jobs 1 --isolation @ISOLATION@ "${options[@]}"
notes=()
[ ! -e "$work/graded/notes.txt" ] || notes=(--notes "$work/graded/notes.txt")
grader export gradescope --graded "$work/graded" --student student "${notes[@]}" --output "$results"
