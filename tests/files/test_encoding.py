from __future__ import annotations

import pytest

from grader.files.encoding import decoded, line_in_doubt

READ = {
    "marked": ("utf-8-sig", "김민준"),
    "utf-8": ("utf-8", "김민준 山田 Dvořák"),
    "unicode-text": ("utf-16", "김민준\tMüller"),
    "korean": ("cp949", "김민준"),
    "korean-of-cp949-alone": ("cp949", "학번,이름\n1,설믜"),
    "korean-beside-latin": ("cp949", "남궁민,1분반\nAnna,B반"),
    "german": ("cp1252", "Anna Müller"),
    "capitals": ("cp1252", "MÄÄTTÄ Päivi"),
    "nordic": ("cp1252", "Søren Ågård\nBjørn Æbelø"),
    "spanish": ("cp1252", "José Muñoz\nPeña Ibáñez"),
    "french": ("cp1252", "François Hélène"),
    "apostrophe": ("cp1252", "O’Brien Müller"),
    "polish": ("cp1250", "Łukasz Wałęsa"),
    "czech": ("cp1250", "Jiří Dvořák"),
    "turkish": ("cp1254", "Yıldız Çağlar"),
    "baltic": ("cp1257", "Jānis Bērziņš"),
}
REFUSED = {
    "danish-or-czech": ("cp1252", "Søren"),
    "spanish-or-polish": ("cp1252", "Muñoz"),
    "czech-or-danish": ("cp1250", "Dvořák"),
    "croatian-or-french": ("cp1250", "Kovačić"),
    "turkish-or-icelandic": ("cp1254", "Şimşek"),
    "two-bytes-that-are-hangul": ("cp1252", "HÄÄ"),
    "one-byte-and-a-letter-that-are-hangul": ("cp1252", "Åsa"),
    "russian": ("cp1251", "Иванов Пётр"),
    "greek": ("cp1253", "Παπαδόπουλος"),
    "japanese": ("shift_jis", "山田太郎"),
    "japanese-of-unix": ("euc_jp", "田中さくら"),
    "chinese-that-is-hangul": ("gbk", "李明"),
    "chinese": ("big5", "陳大文"),
    "mac": ("mac_roman", "José Müller"),
    "dos": ("cp850", "Müller Köln"),
    "no-name": ("cp949", "뷁뷁"),
}


@pytest.mark.parametrize(("encoding", "text"), READ.values(), ids=READ)
def test_a_table_is_read_rightly(encoding: str, text: str) -> None:
    text = f"student,name\n1,{text}\n"
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize(("encoding", "text"), REFUSED.values(), ids=REFUSED)
def test_what_could_be_read_in_several_ways_is_not(encoding: str, text: str) -> None:
    assert decoded(f"student,name\n1,{text}\n".encode(encoding)) is None


def test_the_line_in_doubt_is_the_first_beyond_ascii() -> None:
    assert line_in_doubt("a\nb\nS\u00f8ren\n".encode("cp1252")) == 3
