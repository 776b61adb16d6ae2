"""Two works that look like one: an article and what is written about it."""

from __future__ import annotations

from tests.screening.domain.dedup.hard_pairs import HardPair, different, paper

NOTICES: list[HardPair] = [
    different(
        "erratum with the title",
        "An erratum carries the whole title; authors and journal agree.",
        paper(201, "Stilts in the training of invented acrobats"),
        title="Erratum: Stilts in the training of invented acrobats",
        pages="410",
        issue="6",
    ),
    different(
        "erratum with the article's DOI",
        "One database gives the erratum the DOI of the article.",
        paper(202, "Hammers and hand strength", doi="10.5555/ex.202"),
        title="Hammers and hand strength (Erratum)",
        pages="1",
        volume="99",
    ),
    different(
        "correction named by volume and page",
        "WoS writes (vol 360, pg 542, 2009) behind the title of the article that is corrected.",
        paper(203, "Rope bridges and vertigo", year=2009, volume="360", pages="542-550"),
        title="Rope bridges and vertigo (vol 360, pg 542, 2009)",
        year=2010,
        volume="361",
        pages="66-66",
    ),
    different(
        "corrigendum to a quoted title",
        "Elsevier's form: Corrigendum to “title” [journal volume pages].",
        paper(204, "Paint and smell in attics", doi="10.5555/ex.204"),
        title="Corrigendum to “Paint and smell in attics” [Ex. Q. 12 (2009) 1-9]",
        pages="300",
        doi="10.5555/ex.204b",
    ),
    different(
        "retraction notice",
        "The notice about an article is not the article.",
        paper(205, "Crystals and the weather of invented islands"),
        title="Retraction notice to: Crystals and the weather of invented islands",
        year=2018,
        volume="68",
        pages="90",
    ),
    different(
        "retraction with the article's page",
        "The notice repeats authors, journal and title; only kind and place differ.",
        paper(206, "Pendulums and the choice of names", doi="10.5555/ex.206"),
        title="Retraction: Pendulums and the choice of names",
        doi="10.5555/ex.206.r",
        year=2020,
        volume="71",
        issue="2",
        pages="e1",
    ),
    different(
        "expression of concern",
        "A notice with the title of the article.",
        paper(207, "Feathers and balance in infants"),
        title="Expression of concern: Feathers and balance in infants",
        pages="2",
        issue="5",
    ),
    different(
        "authors' reply",
        "The reply has the title and the authors of the article.",
        paper(208, "Sled dogs and the mood of postmen"),
        title="Sled dogs and the mood of postmen: authors' reply",
        pages="905-906",
        issue="6",
    ),
    different(
        "reply with a dash",
        "WoS writes “- Reply” behind the title; pages follow each other.",
        paper(209, "Vinegar in the care of brass", pages="511-512", authors=("Example, A.",)),
        title="Vinegar in the care of brass - Reply",
        pages="512-512",
        authors=("Sample, B.",),
    ),
    different(
        "discussion behind an article",
        "Surgical journals print the discussion on its last page.",
        paper(210, "Seams in invented sails", pages="33-39"),
        title="Seams in invented sails - Discussion",
        pages="39-40",
    ),
    different(
        "comment on an article",
        "A comment by others in the same issue.",
        paper(211, "Tides and the moods of invented sailors"),
        title="Comment on “Tides and the moods of invented sailors”",
        authors=("Nobody, N.",),
        pages="901-903",
    ),
    different(
        "letter marked Re",
        "A letter about the article, a year later.",
        paper(212, "Cork floors and falls", year=2007),
        title="Re: Cork floors and falls",
        authors=("Somebody, S.",),
        year=2008,
        pages="12",
    ),
    different(
        "letter without a mark",
        "A letter under the article's title by other authors, in the next volume.",
        paper(213, "Gravel paths and shin pain", year=2004, volume="20"),
        authors=("Anybody, Z.",),
        year=2005,
        volume="21",
        pages="77-78",
    ),
    different(
        "two replies with the same title",
        "Same authors, same issue, two letters answered on two pages.",
        paper(214, "Authors' reply", pages="611"),
        pages="613",
    ),
    different(
        "editor's introduction of an article",
        "“In this issue” speaks of the article on page 100.",
        paper(215, "Crutches made of willow", pages="100-108"),
        title="In this issue: crutches made of willow",
        authors=("Anybody, E.",),
        pages="i",
    ),
    different(
        "recommendation of an article",
        "A recommending service repeats the title behind its own words.",
        paper(216, "Needles in invented haystacks", doi="10.5555/ex.216"),
        title="Faculty recommendation of Needles in invented haystacks.",
        journal="Recommendations of Invented Literature",
        doi="10.7777/f.216.793",
        volume="",
        issue="",
        pages="",
    ),
    different(
        "peer review with a DOI",
        "Reports of referees have records of their own.",
        paper(217, "Kites over invented dunes", doi="10.5555/ex.217"),
        title='Review for "Kites over invented dunes"',
        doi="10.5555/ex.217/v1/review2",
        authors=(),
        volume="",
        issue="",
        pages="",
    ),
    different(
        "data of an article",
        "A data set has the article's title, authors and year.",
        paper(218, "Moss on invented roofs", doi="10.5555/ex.218"),
        title="Data from: Moss on invented roofs",
        journal="Invented Data Repository",
        doi="10.8888/data.218",
        volume="",
        issue="",
        pages="",
    ),
    different(
        "additional file of an article",
        "A file of the supplement with the article's title and authors.",
        paper(219, "Lichen on invented statues", doi="10.5555/ex.219"),
        title="Additional file 1 of Lichen on invented statues",
        journal="Invented File Share",
        doi="10.8888/file.219",
        volume="",
        issue="",
        pages="",
    ),
    different(
        "plain-language summary",
        "The summary for laypeople is another publication.",
        paper(220, "Sea shanties for breathlessness"),
        title="Sea shanties for breathlessness: a plain language summary",
        pages="800-802",
    ),
    different(
        "review of a book",
        "The title of a review is that of the book.",
        paper(
            221,
            "The great book of invented knots",
            journal="",
            volume="",
            issue="",
            pages="",
            authors=("Example, A.",),
            isbn_issn="978-3-00-000221-1",
        ),
        journal="Example Quarterly",
        authors=("Nobody, R.",),
        volume="8",
        pages="99-101",
        isbn_issn="1111-2222",
    ),
    different(
        "two reviews of one book",
        "Two journals reviewed the book under its title.",
        paper(222, "The invented atlas of puddles", authors=("Somebody, K.",), pages="55-56"),
        journal="Acta Exemplaria",
        authors=("Anybody, L.",),
        volume="77",
        pages="210-211",
    ),
]


def _about(number: int, form: str, why: str) -> HardPair:
    """Return an article and a short text about it by others, whose title has the given form."""
    title = f"Invented pastime {number} and the joints of players"
    return different(
        f"form: {form}",
        why,
        paper(number, title),
        title=form.replace("X", title),
        authors=("Nobody, N.", "Somebody, S."),
        issue="6",
        pages="990-991",
    )


def _under_its_doi(number: int, form: str, why: str) -> HardPair:
    """Return an article and a notice of the next volume that a database gave the article's DOI."""
    title = f"Invented pastime {number} and the joints of players"
    first = paper(number, title, doi=f"10.5555/ex.{number}")
    return different(
        f"under its DOI: {form}",
        why,
        first,
        title=form.replace("X", title),
        volume="99",
        year=(first.year or 0) + 1,
        pages="25",
    )


def _by_the_same(number: int, form: str, why: str) -> HardPair:
    """Return an article and a short text about it by its own authors, whose title has the given form."""
    title = f"Invented pastime {number} and the joints of players"
    return different(
        f"own form: {form}", why, paper(number, title), title=form.replace("X", title), pages="992-993"
    )


FORMS: list[HardPair] = [
    _about(401, "Letter: X", "A letter about the article."),
    _about(402, "Letter by Nobody regarding article, “X”", "The form of the heart journals."),
    _about(403, "Regarding “X”", "A letter about the article."),
    _about(404, "Response to: X", "A letter about the article."),
    _about(405, "Comments on X", "A letter about the article."),
    _about(406, "Editorial: X", "An editorial about the article."),
    _about(407, "Editorial comment: X", "An editorial about the article."),
    _about(408, "Invited commentary: X", "An editorial about the article."),
    _about(409, "Commentary on “X”", "A commentary."),
    _about(410, "Discussion of: “X”", "A discussion."),
    _about(411, "X [Letter]", "The kind stands behind the title."),
    _about(412, "X [comment]", "The kind stands behind the title."),
    _about(413, "X: comment", "The kind stands behind the title."),
    _about(414, "X: is it time to think again?", "An editorial that quotes the title as its beginning."),
    _under_its_doi(451, "X. Reply.", "Their reply."),
    _under_its_doi(452, "X - Reply", "Their reply."),
    _under_its_doi(453, "Reply to: X", "Their reply."),
    _under_its_doi(454, "X [Erratum]", "The kind stands behind the title."),
    _under_its_doi(455, "Correction: X", "Their correction."),
    _under_its_doi(456, "Retraction: X", "A notice."),
    _by_the_same(421, "Reply to letter to the editor: X", "Their reply."),
    _by_the_same(422, "Reply: X", "Their reply."),
    _by_the_same(423, "In reply: X", "Their reply."),
    _by_the_same(424, "X: the authors reply", "Their reply."),
    _by_the_same(425, "X. Author's response", "Their reply."),
    _by_the_same(426, "Response to letter regarding article, “X”", "Their reply."),
    _by_the_same(427, "Correction: X", "Their correction."),
    _by_the_same(428, "Correction to: X", "The form of Springer."),
    _by_the_same(429, "Author correction: X", "The form of Nature."),
    _by_the_same(430, "Publisher's correction: X", "The publisher's slip."),
    _by_the_same(431, "Errata: X", "Plural."),
    _by_the_same(432, "X [Corrigendum]", "The kind stands behind the title."),
    _by_the_same(433, "X: correction", "The kind stands behind the title."),
    _by_the_same(434, "Addendum to X", "An addendum."),
    _by_the_same(435, "Retracted and replaced: notice on X", "A notice."),
    _by_the_same(436, "Notice of retraction: X", "A notice."),
    _by_the_same(437, "Withdrawal notice to X", "A notice."),
    _by_the_same(438, "Supplement to X", "Additional material."),
    _by_the_same(439, "Summaries for patients. X", "Written for patients."),
    _by_the_same(440, "Video abstract: X", "A film about the article."),
    _by_the_same(441, "Erratum to: X", "The form of Springer."),
    _by_the_same(442, "Corrigendum: X", "The form of Frontiers."),
    _by_the_same(443, "Rebuttal to comments on X", "Their reply."),
    _by_the_same(
        444, "X (vol 12, pg 3, 2001) (Reprinted)", "A correction by volume and page, with more behind."
    ),
]
