"""Check that the files of a ZIP archive are read together, and that harmful archives are refused."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from screening.domain.parsing import UnreadableFile, archive, parse_bytes, parse_file, table_columns

_RIS = b"TY  - JOUR\nTI  - Bone\nER  -\n"
_BIB = b"@misc{k, title={Arm}}\n@misc{l}\n"
_CSV = b"Title,Year\nHip,in press\n"


def _zip(files: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return file.getvalue()


def _with_flags(data: bytes) -> bytes:
    """Return an archive whose entries say that they are encrypted."""
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        where = data.index(mark) + at
        data = data[:where] + struct.pack("<H", 1) + data[where + 2 :]
    return data


def _link() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        info = zipfile.ZipInfo("link.ris")
        info.external_attr = 0o120777 << 16
        packed.writestr(info, "/etc/hostname")
    return file.getvalue()


def test_the_files_are_joined_and_named_in_the_problems() -> None:
    parsed = parse_bytes(_zip({"a/first.bib": _BIB, "second.csv": _CSV, "third.pdf": b"%PDF-1.7"}))
    assert (parsed.format, parsed.encoding, parsed.n_in_file, parsed.n_lost) == ("zip", "utf-8", 4, 2)
    assert [(record.title, record.line) for record in parsed.records] == [("Arm", 1), ("Hip", 2)]
    assert [(problem.line, problem.lost, problem.reason[:30]) for problem in parsed.problems] == [
        (2, True, "a/first.bib: The record has no"),
        (2, False, "second.csv: The year “in press"),
        (0, True, "third.pdf: This is a PDF docum"),
    ]


def test_a_file_on_disk_is_read_in_the_same_way(tmp_path: object) -> None:
    path = f"{tmp_path}/exports.zip"
    with open(path, "wb") as file:
        file.write(_zip({"a.ris": _RIS}))
    assert parse_file(path).format == "zip"


def test_files_that_systems_add_are_left_out_with_a_remark() -> None:
    files = {"a.csv": _CSV, "__MACOSX/._a.csv": b"\0", ".DS_Store": b"\0", "b/Thumbs.db": b"\0"}
    parsed = parse_bytes(_zip(files))
    assert (parsed.n_in_file, [problem.reason.split(":")[0] for problem in parsed.problems]) == (
        1,
        ["__MACOSX/._a.csv", ".DS_Store", "b/Thumbs.db", "a.csv"],
    )


def test_unpack_returns_names_and_contents() -> None:
    packed = _zip({"a/first.ris": _RIS, "second.csv": _CSV})
    assert archive.unpack(packed) == [archive.Member("a/first.ris", _RIS), archive.Member("second.csv", _CSV)]


def test_columns_chosen_by_hand_hold_for_the_tables_within() -> None:
    parsed = parse_bytes(_zip({"a.csv": b"Was,Wann\nBone,2001\n"}), columns={"Was": "title", "Wann": "year"})
    assert (parsed.records[0].title, parsed.records[0].year) == ("Bone", 2001)


def test_an_archive_has_no_columns() -> None:
    assert table_columns(_zip({"a.csv": _CSV})) is None


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: _zip({"a.csv": _CSV})[:-30], "ZIP archive is damaged"),
        (lambda: b"PK\x03\x04 a.txt", "ZIP archive is damaged"),
        (lambda: _zip({}), "holds no file"),
        (lambda: _zip({"__MACOSX/._a": b"x"}), "holds no file"),
        (
            lambda: _zip({"a.pdf": b"%PDF-1.7"}),
            "No file in this ZIP archive can be read. a.pdf: This is a PDF",
        ),
        (lambda: _with_flags(_zip({"a.csv": _CSV})), "protected by a password"),
        (lambda: _zip({"b.zip": _zip({"a.csv": _CSV})}), "“b.zip” in this ZIP archive is an archive itself"),
        (lambda: _zip({"a.csv.gz": b"\x1f\x8b\x08\x00"}), "is an archive itself"),
        (lambda: _zip({"../a.csv": _CSV}), "“../a.csv” in this ZIP archive leads out of it"),
        (lambda: _zip({"/etc/a.csv": _CSV}), "leads out of it"),
        (lambda: _zip({"C:\\a.csv": _CSV}), "leads out of it"),
        (_link, "leads out of it"),
        (lambda: _zip({f"{i}.csv": _CSV for i in range(1001)}), "more than 1,000 files"),
        (lambda: _zip({"a.csv": b"0" * 20_000_000}), "packed far more tightly"),
        (lambda: _zip({"word/document.xml": b"x"}), "Word document"),
        (lambda: _zip({"ppt/presentation.xml": b"x"}), "PowerPoint"),
        (
            lambda: _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, method=0),
            "LibreOffice",
        ),
    ],
)
def test_what_cannot_or_must_not_be_unpacked_is_refused(make: Callable[[], bytes], says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        parse_bytes(make())


def test_an_archive_of_too_much_is_refused_by_what_it_declares() -> None:
    packed = _zip({"a.csv": _CSV})
    where = packed.index(b"PK\x01\x02") + 24
    declared = packed[:where] + struct.pack("<I", 600 * 1024 * 1024) + packed[where + 4 :]
    with pytest.raises(UnreadableFile, match="more than 500 MB"):
        parse_bytes(declared)
