"""Translate the type of a publication between the words of databases, RIS and BibTeX."""

from __future__ import annotations

import re

# The types of the RIS specification and those that reference managers added.
RIS_TYPES = frozenset(
    "ABST ADVS AGGR ANCIENT ART BILL BLOG BOOK CASE CHAP CHART CLSWK COMP CONF CPAPER CTLG DATA DBASE DICT "
    "EBOOK ECHAP EDBOOK EJOUR ELEC ENCYC EQUA FIGURE GEN GOVDOC GRANT HEAR ICOMM INPR JFULL JOUR LEGAL "
    "MANSCPT MAP MGZN MPCT MULTI MUSIC NEWS PAMP PAT PCOMM RPRT SER SLIDE SOUND STAND STAT THES UNBILL UNPB "
    "VIDEO WEB".split()
)
# Words of databases and of BibTeX by which a type is known, the first that is contained in the type wins;
# compared in lower case without punctuation, whole words only.
_WORDS = (
    ("inproceedings", "CPAPER"),
    ("incollection", "CHAP"),
    ("inbook", "CHAP"),
    ("book review", "JOUR"),
    ("chapter", "CHAP"),
    ("book section", "CHAP"),
    ("edited book", "EDBOOK"),
    ("journal", "JOUR"),
    ("magazine", "MGZN"),
    ("newspaper", "NEWS"),
    ("proceedings paper", "CPAPER"),
    ("conference paper", "CPAPER"),
    ("meeting abstract", "ABST"),
    ("conference abstract", "ABST"),
    ("proceedings", "CONF"),
    ("conference", "CPAPER"),
    ("congress", "CPAPER"),
    ("phdthesis", "THES"),
    ("mastersthesis", "THES"),
    ("thesis", "THES"),
    ("dissertation", "THES"),
    ("case report", "JOUR"),
    ("case reports", "JOUR"),
    ("techreport", "RPRT"),
    ("report", "RPRT"),
    ("preprint", "UNPB"),
    ("unpublished", "UNPB"),
    ("book", "BOOK"),
    ("dataset", "DATA"),
    ("patent", "PAT"),
    ("web page", "ELEC"),
    ("website", "ELEC"),
    ("online", "ELEC"),
    ("article", "JOUR"),
    ("review", "JOUR"),
    ("trial", "JOUR"),
    ("study", "JOUR"),
    ("editorial", "JOUR"),
    ("letter", "JOUR"),
    ("comment", "JOUR"),
)
_BIBTEX = {
    "JOUR": "article",
    "EJOUR": "article",
    "JFULL": "article",
    "INPR": "article",
    "ABST": "article",
    "MGZN": "article",
    "NEWS": "article",
    "BOOK": "book",
    "EBOOK": "book",
    "EDBOOK": "book",
    "CHAP": "incollection",
    "ECHAP": "incollection",
    "CONF": "proceedings",
    "CPAPER": "inproceedings",
    "THES": "phdthesis",
    "RPRT": "techreport",
    "UNPB": "unpublished",
    "MANSCPT": "unpublished",
}
_NOT_WORD = re.compile(r"[\W_]+")


def ris_type(type_: str, *, has_journal: bool) -> str:
    """Return the RIS type: the one given, the one that its words mean, or else JOUR with a journal and GEN
    without."""
    if (code := type_.strip().upper()) in RIS_TYPES:
        return code
    words = f" {_NOT_WORD.sub(' ', type_).casefold().strip()} "
    for word, meant in _WORDS:
        if f" {word} " in words:
            return meant
    return "JOUR" if has_journal else "GEN"


def bibtex_type(type_: str, *, has_journal: bool) -> str:
    """Return the type of a BibTeX entry; what BibTeX has no type for is “misc”."""
    return _BIBTEX.get(ris_type(type_, has_journal=has_journal), "misc")
