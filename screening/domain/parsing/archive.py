"""Unpack ZIP archives into memory, refusing what harms: bombs, nested archives, names that lead out."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from screening.domain.parsing.model import UnreadableFile

MAX_BYTES = 500 * 1024 * 1024
MAX_MEMBERS = 1_000
MAX_RATIO = 200
# Small files may shrink to nearly nothing without being meant to harm.
_RATIO_COUNTS_FROM = 10 * 1024 * 1024
_ENTRY = b"PK\x01\x02"
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
_HIDDEN = ("thumbs.db", "desktop.ini")
_DOCUMENTS = {"xl/": "workbook", "word/document": "text document", "ppt/presentation": "presentation"}
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis"
# What zipfile raises for archives that are damaged or packed in a way it does not know.
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


class Member(NamedTuple):
    """Hold one file of an archive: its name with folders, and its content."""

    name: str
    data: bytes


def is_zip(data: bytes) -> bool:
    """Say whether the data begins as a ZIP archive does."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP archive, or the workbook that is one; zipfile never unpacks more than an entry declares.

    Raises UnreadableFile, also from within the block, for an archive that is damaged or encrypted, holds
    more than 1,000 files, more than 500 MB or content packed more tightly than 200 to 1, or has names that
    lead out of it.
    """
    what = "Excel workbook" if b"xl/workbook" in data or b"xl/worksheets" in data else "ZIP archive"
    # The directory is read whole before its entries can be counted. Documents within add their own.
    if data.count(_ENTRY) > 20 * MAX_MEMBERS:
        raise UnreadableFile(_too_many(what))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive.infolist(), what)
            yield archive
    except _FAULTS as fault:
        raise UnreadableFile(
            f"This {what} is damaged or incomplete, so it cannot be opened. Download or export it again."
        ) from fault


def document_in(data: bytes) -> str:
    """Say which document of an office program a ZIP archive is, such as “workbook”, or '' for none.

    Raises UnreadableFile as `opened` does.
    """
    if data[30:].startswith(_OPEN_DOCUMENT):
        return "OpenDocument file"
    with opened(data) as archive:
        names = archive.namelist()
    return next(
        (kind for start, kind in _DOCUMENTS.items() if any(name.startswith(start) for name in names)), ""
    )


def unpack(data: bytes) -> list[Member]:
    """Return the files of an archive, folders and hidden files left out.

    Raises UnreadableFile as `opened` does, and for an archive that is empty or holds another one.
    """
    with opened(data) as archive:
        members = [
            Member(info.filename, content(archive, info))
            for info in archive.infolist()
            if not info.is_dir() and not is_hidden(info.filename)
        ]
    if not members:
        raise UnreadableFile("This ZIP archive holds no file. Pack the exports again.")
    for member in members:
        is_archive = member.data.startswith(_ARCHIVES)
        if is_archive and not (is_zip(member.data) and document_in(member.data)):
            raise UnreadableFile(
                f"The file “{shown(member.name)}” in this ZIP archive is an archive itself. Unpack it and "
                "pack the files inside directly."
            )
    return members


def content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a file; without the length, zipfile unpacks all of an entry that declares less."""
    with archive.open(info) as file:
        return file.read(info.file_size)


def hidden_in(data: bytes) -> list[str]:
    """Return the names of the files that systems leave in an archive and `unpack` leaves out."""
    with opened(data) as archive:
        return [
            info.filename for info in archive.infolist() if not info.is_dir() and is_hidden(info.filename)
        ]


def is_hidden(name: str) -> bool:
    """Say whether a file is one that systems keep for themselves."""
    *folders, last = name.split("/")
    return "__MACOSX" in folders or last.startswith(".") or last.lower() in _HIDDEN


def shown(name: str) -> str:
    """Return a name as it can stand in a sentence: short, on one line, without hidden characters."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)[:100]


def _check(infos: list[zipfile.ZipInfo], what: str) -> None:
    if len(infos) > MAX_MEMBERS:
        raise UnreadableFile(_too_many(what))
    if sum(info.file_size for info in infos) > MAX_BYTES:
        raise UnreadableFile(
            f"This {what} unpacks to more than {MAX_BYTES // 1024**2} MB and was not opened. Import it in "
            "parts."
        )
    for info in infos:
        if info.flag_bits & 1:
            raise UnreadableFile(f"This {what} is protected by a password. Save it without one.")
        if info.file_size > max(_RATIO_COUNTS_FROM, MAX_RATIO * info.compress_size):
            raise UnreadableFile(
                f"The file “{shown(info.filename)}” in this {what} is packed far more tightly than an export "
                "ever is; such files are made to do harm, so it was not opened."
            )
        if _leads_out(info):
            raise UnreadableFile(
                f"The name “{shown(info.filename)}” in this {what} leads out of it, so it was not opened. "
                "Pack the exports again."
            )


def _too_many(what: str) -> str:
    return f"This {what} holds more than {MAX_MEMBERS:,} files and was not opened. Import it in parts."


def _leads_out(info: zipfile.ZipInfo) -> bool:
    name = info.filename.replace("\\", "/")
    is_absolute = name.startswith("/") or name[1:2] == ":"
    return is_absolute or ".." in name.split("/") or stat.S_ISLNK(info.external_attr >> 16)
