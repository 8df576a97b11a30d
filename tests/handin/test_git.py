"""A `.git` is a student's to write: whatever is in it, a date is read or none, and nothing happens."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.handin.git import last_commit

AT = 1_793_376_000
COMMIT = f"tree {'0' * 40}\nauthor A <a@b> 1 +0000\ncommitter A > <a@b> {AT} +0900\n\ncommitter <x> 5 +0000\n".encode()
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def write(folder: Path, name: str, content: bytes | str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def loose(folder: Path, content: bytes = COMMIT, kind: str = "commit") -> str:
    """Write an object and return its name."""
    whole = b"%s %d\0%s" % (kind.encode(), len(content), content)
    name = hashlib.sha1(whole).hexdigest()
    write(folder, f"objects/{name[:2]}/{name[2:]}", zlib.compress(whole))
    return name


def repository(folder: Path, content: bytes = COMMIT, kind: str = "commit") -> Path:
    git = folder / ".git"
    write(git, "HEAD", "ref: refs/heads/main\n")
    write(git, "refs/heads/main", f"{loose(git, content, kind)}\n")
    return git


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def packed(kind: int, content: bytes, size: int | None = None, base: bytes = b"") -> bytes:
    """Return an object as it is in a pack."""
    size = len(content) if size is None else size
    first = kind << 4 | size & 0xF
    head = bytes([first | 0x80]) + varint(size >> 4) if size >> 4 else bytes([first])
    return head + base + zlib.compress(content)


def pack(git: Path, entries: dict[str, bytes], *, version: int = 2) -> None:
    """Write a pack and its index."""
    data, offsets = b"PACK" + struct.pack(">LL", 2, len(entries)), {}
    for name, entry in entries.items():
        offsets[bytes.fromhex(name)] = len(data)
        data += entry
    names = sorted(offsets)
    fanout = b"".join(struct.pack(">L", sum(name[0] <= first for name in names)) for first in range(256))
    if version == 1:
        index = fanout + b"".join(struct.pack(">L", offsets[name]) + name for name in names)
    else:
        numbers = b"".join(struct.pack(">L", offsets[name]) for name in names)
        index = b"\377tOc\0\0\0\2" + fanout + b"".join(names) + bytes(4 * len(names)) + numbers
    write(git, "objects/pack/pack-1.pack", data)
    write(git, "objects/pack/pack-1.idx", index)


def headed(folder: Path, name: str) -> Path:
    write(folder / ".git", "HEAD", f"{name}\n")
    return folder / ".git"


def test_a_loose_commit_of_a_branch_or_of_none(tmp_path: Path) -> None:
    git = repository(tmp_path)
    assert last_commit(git) == AT
    write(git, "HEAD", loose(git))
    assert last_commit(git) == AT
    write(git, "HEAD", "ref: refs/heads/main")
    write(
        git,
        "packed-refs",
        f"# pack-refs with: peeled\n{'1' * 40} refs/heads/mainly\n{loose(git)} refs/heads/main\n",
    )
    (git / "refs" / "heads" / "main").unlink()
    assert last_commit(git) == AT


@needs_git
@pytest.mark.parametrize("format", ["sha1", "sha256"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_what_git_itself_writes(is_packed: bool, format: str, tmp_path: Path) -> None:
    date = {"GIT_AUTHOR_DATE": "@1 +0000", "GIT_COMMITTER_DATE": f"@{AT} -0400", "HOME": str(tmp_path)}

    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=x", "-c", "user.email=x@x", "-C", str(tmp_path / "a"), *arguments]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **date})

    (tmp_path / "a").mkdir()
    git("init", f"--object-format={format}")
    for number in range(30):
        # Long messages that are nearly alike are packed as deltas.
        date["GIT_COMMITTER_DATE"] = f"@{AT + number - 29} -0400"
        git("commit", "--allow-empty", "-m", f"{number} {'the same words ' * 40}")
    if is_packed:
        git("gc", "--aggressive")
    assert last_commit(tmp_path / "a" / ".git") == AT


@pytest.mark.parametrize("version", [1, 2])
def test_a_packed_commit_is_found_by_either_index(version: int, tmp_path: Path) -> None:
    git = headed(tmp_path, "ab" * 20)
    others = {f"{number:02x}" * 20: packed(1, b"other") for number in (0, 1, 0xAA, 0xAC, 0xFF)}
    pack(git, {**others, "ab" * 20: packed(1, COMMIT)}, version=version)
    assert last_commit(git) == AT
    write(git, "HEAD", "cd" * 20)
    assert last_commit(git) is None


@pytest.mark.parametrize("kind", [6, 7])
def test_a_commit_may_be_a_delta(kind: int, tmp_path: Path) -> None:
    old, new = COMMIT.replace(str(AT).encode(), b"7"), COMMIT
    place = old.index(b"7 +0900")
    rest = old[place + 1 :]
    delta = varint(len(old)) + varint(len(new)) + bytes([0x90, place]) + bytes([10]) + str(AT).encode()
    delta += bytes([0x91, place + 1, len(rest)])
    base = packed(1, old)
    back = bytes([len(base)]) if len(base) < 128 else bytes([(len(base) >> 7) - 1 | 0x80, len(base) & 0x7F])
    reference = back if kind == 6 else bytes.fromhex("01" * 20)
    git = headed(tmp_path, "02" * 20)
    pack(git, {"01" * 20: base, "02" * 20: packed(kind, delta, base=reference)})
    assert last_commit(git) == AT


def test_nothing_is_executed_and_no_configuration_is_read(tmp_path: Path) -> None:
    git = repository(tmp_path)
    proof = tmp_path / "executed"
    script = f"#!/bin/sh\ntouch {proof}\n"
    for hook in ("post-checkout", "fsmonitor-watchman", "reference-transaction"):
        write(git, f"hooks/{hook}", script)
        (git / "hooks" / hook).chmod(0o755)
    write(
        git,
        "config",
        f'[core]\n\tfsmonitor = "touch {proof}"\n\tworktree = /\n\thooksPath = {git}/hooks\n\tpager = "touch {proof}"\n'
        f'[alias]\n\tlog = "!touch {proof}"\n[include]\n\tpath = /etc/passwd\n[filter "x"]\n\tsmudge = "touch {proof}"\n',
    )
    write(tmp_path, ".gitattributes", "* filter=x\n")
    assert last_commit(git) == AT
    assert not proof.exists()


def to_elsewhere(git: Path) -> None:
    git.rename(git.parent / "elsewhere")
    git.symlink_to("elsewhere")


def named_elsewhere(git: Path) -> None:
    to_elsewhere(git)
    git.unlink()
    git.write_text("gitdir: elsewhere\n")


def head_link(git: Path) -> None:
    (git / "HEAD").rename(git.parent / "HEAD")
    (git / "HEAD").symlink_to("../HEAD")


def refs_link(git: Path) -> None:
    (git / "refs").rename(git.parent / "refs")
    (git / "refs").symlink_to("../refs")


def objects_link(git: Path) -> None:
    (git / "objects").rename(git.parent / "objects")
    (git / "objects").symlink_to("../objects")


def alternates(git: Path) -> None:
    (git / "objects").rename(git.parent / "objects")
    write(git, "objects/info/alternates", str(git.parent / "objects"))


def common_folder(git: Path) -> None:
    (git / "objects").rename(git.parent / "objects")
    write(git, "commondir", "..")


def ref_outside(git: Path) -> None:
    (git / "refs" / "heads" / "main").rename(git.parent / "main")
    write(git, "HEAD", "ref: refs/../../main\n")


def absolute_ref(git: Path) -> None:
    write(git, "HEAD", f"ref: {git}/refs/heads/main\n")


def loop(git: Path) -> None:
    write(git, "refs/heads/main", "ref: refs/heads/main\n")


def pipe(git: Path) -> None:
    (git / "refs" / "heads" / "main").unlink()
    os.mkfifo(git / "refs" / "heads" / "main")


def device(git: Path) -> None:
    (git / "HEAD").unlink()
    (git / "HEAD").symlink_to("/dev/zero")


def huge_ref(git: Path) -> None:
    with (git / "refs" / "heads" / "main").open("wb") as file:
        file.truncate(1 << 40)


def huge_list(git: Path) -> None:
    (git / "refs" / "heads" / "main").unlink()
    with (git / "packed-refs").open("wb") as file:
        file.truncate(1 << 40)


def no_head(git: Path) -> None:
    (git / "HEAD").unlink()


def not_hexadecimal(git: Path) -> None:
    write(git, "HEAD", b"\xff" * 40)


def bomb(git: Path) -> None:
    write(git, "HEAD", loose(git, b"tree " + bytes(1 << 26) + COMMIT))


def no_zlib(git: Path) -> None:
    name = (git / "refs" / "heads" / "main").read_text().strip()
    write(git, f"objects/{name[:2]}/{name[2:]}", b"commit 10\0")


def no_commit(git: Path) -> None:
    write(git, "HEAD", loose(git, COMMIT, "blob"))


def no_committer(git: Path) -> None:
    write(git, "HEAD", loose(git, COMMIT[COMMIT.index(b"\n\n") :]))


def only_pack(git: Path, *entries: bytes) -> None:
    shutil.rmtree(git / "objects")
    write(git, "HEAD", "01" * 20)
    pack(git, {f"{number:02x}" * 20: entry for number, entry in enumerate(entries, 1)})


def packed_bomb(git: Path) -> None:
    only_pack(git, packed(1, COMMIT + bytes(1 << 26)))


def packed_too_long(git: Path) -> None:
    only_pack(git, packed(1, COMMIT, size=1 << 60))


def packed_too_short(git: Path) -> None:
    only_pack(git, packed(1, COMMIT, size=10))


def delta_of_itself(git: Path) -> None:
    only_pack(git, packed(7, b"\1\1\1x", base=bytes.fromhex("01" * 20)))


def deltas_in_a_circle(git: Path) -> None:
    only_pack(
        git,
        packed(7, b"\1\1\1x", base=bytes.fromhex("02" * 20)),
        packed(7, b"\1\1\1x", base=bytes.fromhex("01" * 20)),
    )


def delta_before_the_pack(git: Path) -> None:
    only_pack(git, packed(6, b"\1\1\1x", base=b"\xff\xff\xff\xff\x7f"))


def delta_bomb(git: Path) -> None:
    # Each order copies 16 MiB of the base, again and again.
    order = bytes([0xF0, 0xFF, 0xFF, 0xFF])
    base = packed(1, bytes(1000))
    delta = varint(1000) + varint(1 << 50) + order * 100_000
    only_pack(git, packed(7, delta, base=bytes.fromhex("02" * 20)), base)


def index_of_lies(git: Path) -> None:
    only_pack(git, packed(1, COMMIT))
    write(git, "objects/pack/pack-1.idx", b"\377tOc\0\0\0\2" + b"\xff" * 1024)


def empty_index(git: Path) -> None:
    only_pack(git, packed(1, COMMIT))
    write(git, "objects/pack/pack-1.idx", b"")


def pack_link(git: Path) -> None:
    only_pack(git, packed(1, COMMIT))
    (git / "objects" / "pack").rename(git.parent / "pack")
    (git / "objects" / "pack").symlink_to("../../pack")


HOSTILE = [
    to_elsewhere,
    named_elsewhere,
    head_link,
    refs_link,
    objects_link,
    alternates,
    common_folder,
    ref_outside,
    absolute_ref,
    loop,
    pipe,
    device,
    huge_ref,
    huge_list,
    no_head,
    not_hexadecimal,
    bomb,
    no_zlib,
    no_commit,
    no_committer,
    packed_bomb,
    packed_too_long,
    packed_too_short,
    delta_of_itself,
    deltas_in_a_circle,
    delta_before_the_pack,
    delta_bomb,
    index_of_lies,
    empty_index,
    pack_link,
]


@pytest.mark.parametrize("spoil", HOSTILE, ids=lambda spoil: spoil.__name__)
def test_a_hostile_repository_tells_no_date(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    git = repository(tmp_path)
    assert last_commit(git) == AT
    spoil(git)
    assert last_commit(git) is None
