"""Turn the LaTeX of BibTeX fields into plain Unicode text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pylatexenc.latex2text import get_default_latex_context_db

_MARKED = re.compile(r"[\\{}$~]|--|``|''")
# Letters of a macro swallow the white space behind it; a single other sign does not.
_TOKEN = re.compile(r"\\(?:([A-Za-z]+)\*?[ \t]*\n?[ \t]*|(.)|$)|([{}])", re.S)
# As Pandoc has it: the opening sign stands before, the closing one behind text, and no digit follows, so that
# amounts of money are none.
_MATH = re.compile(r"(?<!\\)\$(?=[^\s$])([^$]{1,500}?)(?<=\S)\$(?![0-9])")
_SCRIPT = re.compile(r"(?<!\\)([_^])(?:\s{0,3}(?=\{)|(\\[A-Za-z]+|[^\s{}]))")
# A tie is a space, but before a number, where a space or bracket stands in front, it means "about".
_TIE = re.compile(r"(?<!\\)~(?!(?<=[\s(]~)[0-9])")
_ESCAPED = re.compile(r"\\([\\_%&#~$^])(?:\{\})?")
_NO_BRACES = str.maketrans("", "", "{}")
_ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "d": "\u0323",
    "b": "\u0331",
    "r": "\u030a",
    "k": "\u0328",
    "t": "\u0361",
    "h": "\u0309",
}
_ALONE = {"\u0303": "~", "\u0302": "^", "\u0300": "`", "\u0301": "'"}
_SIGNS = dict.fromkeys("%&_#${}") | {"\\": " ", ",": " ", ";": " ", ":": " ", " ": " ", "\n": " "}
_WORDS = {
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textbackslash": "\\",
    "textunderscore": "_",
    "sim": "~",
    "par": " ",
    "newline": " ",
    "quad": " ",
    "space": " ",
}
# What the braces behind a macro hold.
_AWAITING = {
    **dict.fromkeys("href textcolor color hspace vspace cite citep citet label fontsize".split(), "no text"),
    **{"textsubscript": "lowered", "textsuperscript": "raised", "frac": "divided"},
    **{"enquote": "quoted", "mkbibquote": "quoted"},
}
_BEHIND = {"divided": "/", "quoted": "”"}
_SUBSCRIPT = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SUPERSCRIPT = str.maketrans("0123456789+-=()∘", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾°")
_LIFTED = re.compile(r"[0-9+=()∘-]{1,20}")


def plain(text: str) -> str:
    """Return the text without braces and macros, accents and symbols as Unicode, in linear time.

    A macro that is not known stays as it is written; before braces it counts as their style.
    """
    if not _MARKED.search(text):
        return text
    text = text.replace("``", "“").replace("''", "”").replace("---", "—").replace("--", "–")
    if "$" in text:
        text = _MATH.sub(_scripts, text.replace("$$", "$"))
    if "~" in text:
        text = _TIE.sub("\N{NO-BREAK SPACE}", text)
    return _Decoder().decode(text) if "\\" in text or "{" in text or "}" in text else text


def address(text: str) -> str:
    """Return a web address or DOI without braces and escapes; dashes and tildes stand for themselves."""
    text = text.replace(r"\textasciitilde", "~").replace(r"\url", "")
    return _ESCAPED.sub(r"\1", text).translate(_NO_BRACES)


def _scripts(math: re.Match[str]) -> str:
    """Write the indices and powers of a formula as macros with braces."""

    def script(found: re.Match[str]) -> str:
        macro = r"\textsubscript" if found[1] == "_" else r"\textsuperscript"
        return f"{macro}{{{found[2]}}}" if found[2] else macro

    return _SCRIPT.sub(script, math[1])


class _Decoder:
    """Walk over the text once; `accent` waits for its letter, `awaited` for its braces."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.open: list[tuple[str, int]] = []
        self.accent = ""
        self.awaited = ""

    def decode(self, text: str) -> str:
        at = 0
        for token in _TOKEN.finditer(text):
            if token.start() > at:
                self._text(text[at : token.start()])
            at = token.end()
            if token[3] == "{":
                if self.awaited == "quoted":
                    self.out.append("“")
                self.open.append((self.awaited, len(self.out)))
                self.awaited = ""
            elif token[3]:
                self._close()
            else:
                is_styling = text.startswith("{", at)
                self._macro(token[1] or token[2] or "", "" if is_styling else token[0])
        self._text(text[at:])
        if self.accent:
            self.out.append("∼" if self.accent == "\u0303" else _ALONE.get(self.accent, ""))
        return "".join(self.out)

    def _text(self, text: str) -> None:
        if self.accent and text:
            text = text.lstrip()
            if not text:
                return
            base = {"ı": "i", "ȷ": "j"}.get(text[0], text[0])
            text = unicodedata.normalize("NFC", base + self.accent) + text[1:]
            self.accent = ""
        self.awaited = ""
        self.out.append(text)

    def _close(self) -> None:
        if self.accent:
            self.out.append(_ALONE.get(self.accent, ""))
            self.accent = ""
        if not self.open:
            return
        kind, start = self.open.pop()
        if kind == "no text":
            del self.out[start:]
        elif kind in _BEHIND:
            self.out.append(_BEHIND[kind])
        elif kind and len(self.out) - start <= 20:
            inner = "".join(self.out[start:])
            if _LIFTED.fullmatch(inner):
                inner = inner.translate(_SUBSCRIPT if kind == "lowered" else _SUPERSCRIPT)
            self.out[start:] = [inner]

    def _macro(self, name: str, written: str) -> None:
        if name in _ACCENTS:
            self.accent = _ACCENTS[name]
        elif name in _AWAITING:
            self.awaited = _AWAITING[name]
        elif len(name) == 1 and not name.isalpha():
            self._text((_SIGNS[name] or name) if name in _SIGNS else "")
        elif (symbol := _symbol(name)) is None:
            self._text(written)
        elif symbol:
            self._text(symbol)


@lru_cache(maxsize=2000)
def _symbol(name: str) -> str | None:
    """Return the text of a macro, '' for one that only styles what follows, None for one not known."""
    if not name:
        return ""
    if name in _WORDS:
        return _WORDS[name]
    spec = _SPECS.get_macro_spec(name)
    if spec is None or not spec.macroname:
        return None
    found = spec.simplify_repl
    return found if isinstance(found, str) and "%" not in found else ""


_SPECS = get_default_latex_context_db()
