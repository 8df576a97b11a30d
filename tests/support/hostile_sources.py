"""Files of the largest size that is read, each written to make its reading as dear as can be."""

from __future__ import annotations

from collections.abc import Callable

from grader.answers.python import MOST_CODE

_ANSWER = "def sum_all(x):\n    return x\n"


def _filled(piece: str | Callable[[int], str], before: str = "", after: str = "") -> str:
    """Return an answer with as many pieces in it as a file may hold."""
    room = MOST_CODE - len((_ANSWER + before + after).encode()) - 2
    pieces: list[str] = []
    while room > 0:
        text = piece if isinstance(piece, str) else piece(len(pieces))
        room -= len(text.encode())
        pieces.append(text)
    return f"{_ANSWER}{before}{''.join(pieces[:-1])}{after}\n"


def _nested_fields(count: int) -> str:
    return "f'{x:" + "{x:" * count + "}" * count + "}'\n"


def _chain(kind: str) -> str:
    return _filled(f"elif x == 1: {kind}\n", "x = 1\nif x: pass\n")


SOURCES: dict[str, Callable[[], str]] = {
    # A text in a text: each level is read anew.
    "f-string of many fields": lambda: _filled("{x}", "f'", "'"),
    "f-string of fields that are names": lambda: _filled("{xxxx}", "f'", "'"),
    "f-string of long names": lambda: _filled("{" + "x" * 18 + "}", "f'", "'"),
    "f-string of longer names": lambda: _filled("{" + "x" * 28 + "}", "f'", "'"),
    "f-strings of long names": lambda: _filled("f'" + "{xxxxxxxx}" * 3000 + "'\n"),
    "many f-strings": lambda: _filled("f'{x}{x}'\n"),
    "f-strings with formats": lambda: _filled(_nested_fields(1)),
    "f-string of deep fields": lambda: _filled("{(", "f'", "'"),
    "f-string in f-strings": lambda: _filled("f'{f\"{x}\"}'\n"),
    "f-string without end": lambda: _filled("{x", "f'"),
    "newer f-string": lambda: _filled("{f'{x}'}", "f'", "'"),
    "newer f-strings": lambda: _filled("f'{f'{x}'}'\n"),
    "newer f-string, nested": lambda: _filled("f'{", after="1" + "}'" * 60000)[:MOST_CODE],
    "newer f-string of names": lambda: _filled("\\N{", "f'{f'{x}'}", "'"),
    "newer f-string of conversions": lambda: _filled("{x! ", "f'{f'{x}'}", "'"),
    "newer syntax and spaces": lambda: _filled(" ", "type X = int\nf'{f'{x}'}{x ! ", "}'"),
    "newer syntax and names": lambda: _filled("Error, ", "f'{f'{x}'}'\nexcept ", "Error"),
    "newer syntax and brackets": lambda: _filled("[", "def f", "]"),
    "newer brackets of many lines": lambda: _filled("def f[a[b]\n"),
    "newer syntax and equals": lambda: _filled("=", "f'{f'{x", "}'}'"),
    # Imports.
    "star imports": lambda: _filled("from os import *\n"),
    "star imports of many": lambda: _filled(lambda n: f"from m{n} import *\n"),
    "star imports and uses": lambda: _filled(
        lambda n: f"g{n}()\n", "".join(f"from m{n} import *\n" for n in range(5000))
    ),
    "imported names": lambda: _filled(lambda n: f"a{n},", "from os import (", ")"),
    "imports by spaces": lambda: _filled("import     a\n"),
    "long dotted import with spaces": lambda: _filled("." + "a" * 3, "import a"),
    "imports": lambda: _filled("import a\n"),
    "long dotted imports": lambda: _filled(".a", "import a"),
    "many dotted imports": lambda: _filled("import " + ".".join("a" * 500) + "\n"),
    "relative imports": lambda: _filled(lambda n: f"from .{'.' * (n % 50)} import a\n"),
    # Statements.
    "statements": lambda: _filled("a\n"),
    "long statements": lambda: _filled("aaaaa\n"),
    "long assignments": lambda: _filled("aaaa=bbbb\n"),
    "calls with long names": lambda: _filled("aaaa(bbbb)\n"),
    "attributes with long names": lambda: _filled("aaaa" + ".bbbb" * 90 + "\n"),
    "nested functions of one name": lambda: _filled(
        lambda n: "".join(" " * depth + "def sum_all(x):\n" for depth in range(90)) + " " * 90 + "xxxx\n" * 30
    ),
    "statements in a line": lambda: _filled("a;"),
    "assignments": lambda: _filled("a=b\n"),
    "assignments to the function": lambda: _filled("sum_all=sum_all\n"),
    "assignments in a circle": lambda: _filled(lambda n: f"a{n}=a{n + 1}\n"),
    "assignments backwards": lambda: _filled(lambda n: f"a{n + 1}=a{n}\n", "a0 = sum_all\n"),
    "assignments of one": lambda: _filled("a=", "", "1"),
    "assignment of many": lambda: _filled("a,", "", "=1"),
    "nested targets": lambda: "[" * 90 + _filled("a,", after="b" + "]" * 90 + " = 1"),
    "global names": lambda: _filled(lambda n: f"a{n},", "def g():\n global a", "a"),
    "global statements": lambda: _filled(" global a\n", "def g():\n"),
    "deletions": lambda: _filled("del a\n"),
    "passes": lambda: _filled("pass\n"),
    "empty lines": lambda: _filled("\n"),
    "lines with other ends": lambda: _filled("#\x0c"),
    "comments": lambda: _filled("#\n"),
    "comments with types": lambda: _filled("a = 1 # type: int\n"),
    "decorators": lambda: _filled("@a\n", "", "def g(): pass"),
    "elif": lambda: _chain("pass"),
    "else if": lambda: _filled("if a: pass\nelse:\n pass\n"),
    "try": lambda: _filled("try: a\nexcept: b\n"),
    "except": lambda: _filled("except a: b\n", "try: a\n"),
    "with": lambda: _filled("a as b,", "with (", "c as d): pass"),
    "match": lambda: _filled(" case a: b\n", "match x:\n"),
    "match of many": lambda: _filled("a|", "match x:\n case ", "_: pass"),
    "nested blocks": lambda: _filled(
        lambda n: "".join(" " * depth + "if a:\n" for depth in range(99)) + " " * 99 + "a\n"
    ),
    # Expressions.
    "brackets": lambda: _filled("("),
    "brackets that close": lambda: "(" * 100000 + ")" * 100000 + "\n" + _ANSWER,
    "nested lists": lambda: _filled("[" * 90 + "]" * 90 + "\n"),
    "mixed brackets": lambda: _filled("([{"),
    "unary operators": lambda: _filled("-", "x = ", "1"),
    "not": lambda: _filled("not ", "x = ", "1"),
    "binary operators": lambda: _filled("a+", "", "a"),
    "powers": lambda: _filled("a**", "", "a"),
    "comparisons": lambda: _filled("a<", "", "a"),
    "boolean operators": lambda: _filled("a or ", "", "a"),
    "conditional expressions": lambda: _filled("a if a else ", "", "a"),
    "lambdas": lambda: _filled("lambda:", "", "a"),
    "lambdas with arguments": lambda: _filled(lambda n: f"lambda a{n}:", "", "a"),
    "attributes": lambda: _filled(".a", "a"),
    "attributes of many": lambda: _filled("a" + ".a" * 90 + "\n"),
    "attributes of a library": lambda: _filled("np" + ".a" * 90 + "\n", "import numpy as np\n"),
    "calls": lambda: _filled("()", "a"),
    "calls of many": lambda: _filled("a()\n"),
    "nested calls": lambda: _filled("a(" * 80 + ")" * 80 + "\n"),
    "arguments": lambda: _filled("a,", "a(", ")"),
    "subscripts": lambda: _filled("[0]", "a"),
    "await": lambda: _filled("await ", "", "a"),
    "walrus": lambda: _filled("(a:=b),", "x = ", "b"),
    "numbers": lambda: _filled("1,", "x = ", ""),
    "long number": lambda: _filled("9", "x = ", ""),
    "long hexadecimal number": lambda: _filled("f", "x = 0x", ""),
    "long float": lambda: _filled("9", "x = 0.", ""),
    "long text": lambda: _filled("a", "x = '", "'"),
    "texts in a row": lambda: _filled("''", "x = ", ""),
    "dotted text": lambda: _filled(".a", "x = 'a", "'"),
    "dotted texts": lambda: _filled("'a.a'\n"),
    "added texts": lambda: _filled("'a'+", "getattr(a, ", "'a')"),
    "added texts that are imported": lambda: _filled("'a'+", "__import__(", "'a')"),
    "text without end": lambda: _filled("a", "x = '"),
    "long name": lambda: _filled("a", "", " = 1"),
    "escapes": lambda: _filled("\\N{BULLET}", "x = '", "'"),
    "bytes": lambda: _filled("\\xff", "x = b'", "'"),
    "comprehensions": lambda: _filled(" for a in a", "[a", "]"),
    "many comprehensions": lambda: _filled("[a for a in a]\n"),
    "nested comprehensions": lambda: _filled("[" * 60 + "a" + " for a in a]" * 60 + "\n"),
    "annotations": lambda: _filled("a:a\n"),
    "slices": lambda: _filled(":,", "a[", ":]"),
    "dictionary": lambda: _filled("1:1,", "x = {", "}"),
    "unreadable at the end": lambda: _filled("a\n", after="$"),
    "indented ever more": lambda: "".join(" " * depth + "if a:\n" for depth in range(700))[:MOST_CODE],
    # Functions.
    "functions": lambda: _filled("def f():a\n"),
    "functions of one name": lambda: _filled("def sum_all(x):f(x)\n"),
    "functions with many names": lambda: _filled(lambda n: f"def f{n}():f{n + 1}()\n"),
    "functions like the wanted one": lambda: _filled(lambda n: f"def suma{n}l():0\n"),
    "functions in functions": lambda: _filled(
        lambda n: "".join(" " * depth + f"def f{depth}():\n" for depth in range(90)) + " " * 90 + "f0()\n"
    ),
    "functions that call all": lambda: _filled(
        lambda n: f"def f{n}():" + ";".join(f"f{k}()" for k in range(150)) + "\n"
    ),
    "classes": lambda: _filled("class A:a=1\n"),
    "classes with bases": lambda: _filled(lambda n: f"class A{n + 1}(A{n}):0\n"),
    "methods": lambda: _filled(lambda n: f" def f{n}(self):0\n", "class A:\n"),
    "methods of many classes": lambda: _filled(lambda n: f"class A{n}:\n def f(self):f\n"),
    "parameters": lambda: _filled(lambda n: f"a{n}=a,", "def g(", "b=a): pass"),
    "names used in a function": lambda: _filled(lambda n: f"a{n};", "def sum_all(x):\n ", "x"),
    "names of a function, bound outside": lambda: (
        "".join(f"a{n}=a{n + 1}.b\n" for n in range(9000))
        + _filled(lambda n: f"a{n};", "def sum_all(x):\n ", "x")
    )[:MOST_CODE],
    "aliases of aliases": lambda: _filled(lambda n: f"a{n + 1}=a{n} if x else b{n}\nb{n + 1}=a{n} or b{n}\n"),
    "changed names": lambda: _filled("a.b(c)\n"),
    "changed names of many": lambda: _filled(lambda n: f"a{n}.b(sum_all)\n"),
    "changed by all": lambda: _filled(lambda n: f"sum_all.a{n}=a{n}\n"),
    # What IPython writes.
    "magics": lambda: _filled("%time a\n"),
    "shell lines": lambda: _filled("!a\n"),
    "question marks": lambda: _filled("a?\n"),
    "one magic": lambda: _filled("a=1\n", "%matplotlib inline\n"),
    "magic and brackets": lambda: _filled("(", "%matplotlib inline\n"),
    "indented cell": lambda: "  x = 1\n" + _filled("  a\n"),
    "prompts": lambda: ">>> x = 1\n" + _filled(">>> a\n"),
    "calls of magics": lambda: _filled("get_ipython().a()\n"),
    "magics of nbconvert": lambda: _filled("get_ipython().run_cell_magic('time', '', 'a')\n"),
    "a magic of nbconvert without end": lambda: _filled("get_ipython().run_cell_magic('time', 'a"),
    "line magics of nbconvert": lambda: _filled("get_ipython().run_line_magic('time', 'a')\n"),
    "comments of Colab": lambda: _filled(
        "# Commented out IPython magic to ensure Python compatibility.\n# %time a\n"
    ),
    "one comment of Colab": lambda: _filled(
        "# %time a\n", "# Commented out IPython magic to ensure Python compatibility.\n"
    ),
    "help of many": lambda: _filled("a = %b\n"),
    "continued magic": lambda: _filled("\\\n", "%a "),
    "merge conflict": lambda: _filled("<<<<<<< a\n"),
}
"""What a file holds -> its text."""
