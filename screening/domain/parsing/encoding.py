"""Decode the bytes of an export, whatever the program that wrote it used."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from screening.domain.parsing.model import Problem, UnreadableFile

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64_000
# What XML and JabRef write in their first line; Western names are left out, for Windows-1252 reads them all.
_DECLARED = re.compile(
    rb"(?:<\?xml[^>]{0,80}encoding=[\"']|%[ \t]?Encoding:[ \t]?)"
    rb"((?:iso-8859-(?!15?\b)|windows-125(?!2)|koi8-|gb|big5|shift_jis|euc-)[0-9a-z_-]{0,12})",
    re.IGNORECASE,
)
_BINARY = "This is a binary file, not a text export. Export the records from the database as RIS or CSV."


@dataclass(frozen=True, slots=True)
class Decoded:
    """Hold decoded text, the encoding used and remarks on lines that needed another one."""

    text: str
    encoding: str
    problems: tuple[Problem, ...] = ()


def decode(data: bytes) -> Decoded:
    """Decode text: by its mark, as UTF-16 without mark, as UTF-8, as Windows-1252, at last by
    charset-normalizer.

    Raises UnreadableFile for binary data (NUL bytes).
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return _refuse_nul(Decoded(data.decode(encoding), encoding))
            except UnicodeDecodeError:
                data = data[len(bom) :] if encoding == "utf-8-sig" else data
                break
    if encoding := _unmarked_utf16(data):
        try:
            return _refuse_nul(Decoded(data.decode(encoding), encoding))
        except UnicodeDecodeError as error:
            raise UnreadableFile(_BINARY) from error
    if b"\0" in data:
        raise UnreadableFile(_BINARY)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data)


def _refuse_nul(decoded: Decoded) -> Decoded:
    if "\0" in decoded.text:
        raise UnreadableFile(_BINARY)
    return decoded


def _unmarked_utf16(data: bytes) -> str:
    """Recognise UTF-16 without a mark: Latin text has a NUL in nearly every second byte, always on the same
    side."""
    sample = data[:4096]
    half = len(sample) // 2
    if half < 2:
        return ""
    if sample[1::2].count(0) > 0.6 * half and sample[0::2].count(0) < 0.05 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.6 * half and sample[1::2].count(0) < 0.05 * half:
        return "utf-16-be"
    return ""


def _decode_legacy(data: bytes) -> Decoded:
    if declared := _DECLARED.match(data.lstrip()[:200]):
        try:
            return _refuse_nul(Decoded(data.decode(declared[1].decode()), declared[1].decode().lower()))
        except (UnicodeDecodeError, LookupError):
            pass
    n_high = len(data) - len(data.translate(None, bytes(range(128, 256))))
    n_broken = data.decode("utf-8", errors="replace").count("\ufffd")
    if n_broken * 10 < n_high:
        return _decode_mixed(data)
    # Western text has accents here and there; other scripts have them in most letters.
    if n_high * 5 < len(data):
        try:
            return Decoded(data.decode("cp1252"), "cp1252")
        except UnicodeDecodeError:
            pass
    guessed = _guess(data)
    if guessed:
        try:
            return _refuse_nul(Decoded(data.decode(guessed), guessed))
        except (UnicodeDecodeError, LookupError):
            pass
    return Decoded(data.decode("latin-1"), "latin-1")


def _decode_mixed(data: bytes) -> Decoded:
    """Decode UTF-8 in which single lines are Windows-1252, as tools leave behind that paste exports
    together."""
    lines, problems = [], []
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            text = line.decode("cp1252", errors="replace")
            lines.append(text)
            reason = "The line is not UTF-8 like the rest; it was read as Windows-1252. Check its accents."
            problems.append(Problem(number, reason, text, lost=False))
    return Decoded("\n".join(lines), "utf-8", tuple(problems))


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes  # loaded only for files that nothing else explains

    best = from_bytes(data[:_SAMPLE]).best()
    return best.encoding if best else ""
