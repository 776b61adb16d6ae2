"""Two works that look like one: their titles are a word or a number apart."""

from __future__ import annotations

from tests.screening.domain.dedup.hard_pairs import HardPair, different, paper


def _neighbours(number: int, one: str, other: str, why: str) -> HardPair:
    """Return two articles of one group in one volume whose titles are a word apart."""
    first = paper(number, one)
    start, _, end = first.pages.partition("-")
    pages = f"{int(end) + 1}-{2 * int(end) - int(start) + 1}"
    return different(f"one word apart: {other}", why, first, title=other, pages=pages)


def _without_page(number: int, one: str, other: str) -> HardPair:
    """Return two abstracts of one group in one supplement with one DOI; one has no page."""
    first = paper(number, one, issue="Suppl 1", pages="S101", doi=f"10.5555/supp.{number}")
    return different(
        f"one word apart, no page: {other}", "Only the word tells.", first, title=other, pages="", issue=""
    )


def _longer(number: int, title: str, rest: str, **changes: str) -> HardPair:
    """Return two works of one group; the title of the second goes on where that of the first ends."""
    return different(
        f"goes on: {title}{rest}",
        "What follows is no subtitle but another group of patients, place or method.",
        paper(number, title, issue="Suppl 2", pages="S3", doi=f"10.5555/supp.{number}"),
        **({"title": f"{title}{rest}", "pages": "S87"} | changes),
    )


def _article_goes_on(number: int, title: str, rest: str, **changes: str) -> HardPair:
    """Return two articles of one group in one volume; the title of the second goes on."""
    return different(
        f"goes on: {title}{rest}",
        "The group wrote twice on its subject in one volume.",
        paper(number, title),
        title=f"{title}{rest}",
        **changes,
    )


NOWHERE = {"issue": "", "pages": ""}

SUPPLEMENTS: list[HardPair] = [
    _without_page(601, "Chicory in invented patients with gout", "Chicory in invented patients without gout"),
    _without_page(602, "Toxicity of invented glue in rats", "Toxicity of invented glue in mice"),
    _without_page(603, "A randomised trial of invented glue", "A non-randomised trial of invented glue"),
    _without_page(604, "Early removal of invented plaster", "Late removal of invented plaster"),
    _without_page(605, "Low doses of invented syrup at night", "High doses of invented syrup at night"),
    _without_page(606, "Oral inventamine in stage fright", "Intravenous inventamine in stage fright"),
    _without_page(607, "Invented sleep before harvest", "Invented sleep after harvest"),
    _without_page(
        608, "Primary prevention of yawning in clerks", "Secondary prevention of yawning in clerks"
    ),
    _without_page(
        609,
        "Chicory with honey in invented clerks with gout",
        "Chicory with honey in invented clerks without gout",
    ),
    _without_page(610, "A randomised trial of invented snow", "A nonrandomised trial of invented snow"),
    _longer(611, "Bran and the weight of invented bakers", " in women"),
    _longer(612, "Bran and the sleep of invented bakers", " in a rural area", pages=""),
    _longer(613, "Bran and the height of invented bakers", " and their families", doi=""),
    _longer(615, "Epidemiology of yawning in South Inventia", " II", pages="A99", issue=""),
    _article_goes_on(616, "The measurement of boredom in waiting rooms", " 2", pages="4702-4709"),
    _article_goes_on(
        617, "The measurement of boredom in invented railway compartments", " after stroke", **NOWHERE
    ),
    _article_goes_on(618, "The measurement of boredom in invented merchant ships", " under water", **NOWHERE),
    _article_goes_on(
        619, "The measurement of boredom in invented entrance halls", " and its treatment", **NOWHERE
    ),
    _article_goes_on(620, "The measurement of boredom in invented hospital lifts", " 2", **NOWHERE),
    _longer(614, "Bran and the grip of invented bakers", " II", pages="", issue=""),
]

WORDS: list[HardPair] = [
    _neighbours(
        301,
        "Outcome of invented fever caused by sensitive strains",
        "Outcome of invented fever caused by resistant strains",
        "The word that differs is the population.",
    ),
    _neighbours(
        302,
        "Hyperthyroidism in invented populations after the salt reform",
        "Hypothyroidism in invented populations after the salt reform",
        "Hyper and hypo look like a slip of the pen.",
    ),
    _neighbours(
        303,
        "Orthostatic hypotension among invented clerks and their chairs",
        "Orthostatic hypertension among invented clerks and their chairs",
        "Two letters, the opposite.",
    ),
    _neighbours(
        304,
        "Dissolution of invented tablets in vitro",
        "Dissolution of invented tablets in vivo",
        "Two letters, another experiment.",
    ),
    _neighbours(
        305,
        "Reading habits of invented male pensioners",
        "Reading habits of invented female pensioners",
        "Male is part of female.",
    ),
    _neighbours(
        306,
        "Twelve weeks of cinnamon at 10 mg for invented itch",
        "Twelve weeks of cinnamon at 20 mg for invented itch",
        "Only the dose differs.",
    ),
    _neighbours(
        307,
        "Serum IL-6 in invented hay fever",
        "Serum IL-8 in invented hay fever",
        "Only the digit of the molecule differs.",
    ),
    _neighbours(
        308,
        "Silencing of miR-21 in invented cells",
        "Silencing of miR-221 in invented cells",
        "One digit more.",
    ),
    _neighbours(
        309,
        "Phase II trial of powdered biscuits",
        "Phase III trial of powdered biscuits",
        "One stroke more.",
    ),
    _neighbours(
        310,
        "Hay and hooves in Northern Inventia",
        "Hay and hooves in Southern Inventia",
        "Only the region differs.",
    ),
    _neighbours(
        311,
        "Chalk dust and cough in children with asthma",
        "Chalk dust and cough in children without asthma",
        "With and without.",
    ),
    _neighbours(
        312,
        "Chewing of α-inventol by invented rats",
        "Chewing of β-inventol by invented rats",
        "Where Greek letters are dropped, the titles are equal.",
    ),
    _neighbours(
        313,
        "Gloves for gardeners: effects on invented rats",
        "Gloves for gardeners: effects on invented bats",
        "One letter, another animal.",
    ),
    _neighbours(
        314,
        "Left-sided stitch in invented runners: case series",
        "Right-sided stitch in invented runners: case series",
        "The side differs.",
    ),
    _neighbours(
        315,
        "Invented surgeons should whistle in theatre",
        "Invented surgeons should not whistle in theatre",
        "A debate: one word turns the meaning.",
    ),
    _neighbours(
        316,
        "Is the invented handshake safe? Yes",
        "Is the invented handshake safe? No",
        "Head to head on neighbouring pages.",
    ),
    _neighbours(
        317,
        "Separation of (R)-inventamine by paper chromatography",
        "Separation of (S)-inventamine by paper chromatography",
        "Mirror images.",
    ),
    _neighbours(
        318,
        "Pneumothorax after invented yawning: a case report",
        "Pneumothorax after invented yawning: two case reports",
        "Another number of cases.",
    ),
    _neighbours(
        319,
        "Invented hip fracture in winter: incidence",
        "Invented hip fracture in winter: prevalence",
        "Another measure.",
    ),
    different(
        "special-issue prefix",
        "The heading of the special issue was taken for the beginning of both titles.",
        paper(320, "BIG SPOONS IN NETWORKED KITCHENS: From ladles to insight, a review", pages="1-20"),
        title="BIG SPOONS IN NETWORKED KITCHENS: Who owns the soup, a survey",
        authors=("Nobody, N.", "Somebody, S."),
        pages="21-44",
    ),
    different(
        "statistics of two years",
        "A yearly article with the same authors.",
        paper(321, "Invented statistics, 2010", year=2010, volume="60"),
        title="Invented statistics, 2011",
        year=2011,
        volume="61",
    ),
    different(
        "annual report under one title",
        "The title does not even name the year.",
        paper(322, "Annual report of the invented register of hiccups", year=2011, volume="40", pages="1-20"),
        year=2012,
        volume="41",
        pages="1-22",
    ),
    different(
        "research updates",
        "A yearly list of a journal's own articles.",
        paper(323, "Research update for articles published in EQ in 2012", year=2014, volume="44"),
        title="Research update for articles published in EQ in 2013",
        year=2015,
        volume="45",
    ),
]
