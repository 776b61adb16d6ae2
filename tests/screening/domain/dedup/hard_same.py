"""One publication in two exports: titles, authors, sources and identifiers as databases mangle them."""

from __future__ import annotations

from tests.screening.domain.dedup.hard_pairs import HardPair, as_web_search_gives, paper, plain, same

LANTERNS = paper(17, "Long-term outcomes of lantern walks for sleep in residents of three invented towns")

CARDBOARD = paper(30, "Validation of cardboard methods: lessons from invented attics")
WHEELS = paper(47, "Prospective studies of cart wheels and the patience of invented drivers: a survey")

TITLES: list[HardPair] = [
    plain(
        "one word before the colon",
        "The subtitle was dropped; the one word, authors, journal, volume, issue and pages agree.",
        paper(48, "Inventamine: a selective inhibitor of yawning", doi="10.5555/ex.48"),
        title="Inventamine",
        doi="",
    ),
    same(
        "web search with the journal's name",
        "Title, authors, year and journal agree; the web search knows no place.",
        CARDBOARD,
        authors=as_web_search_gives(CARDBOARD),
        volume="",
        issue="",
        pages="",
    ),
    same(
        "web search with cut title and a publisher",
        "Authors and year agree and the cut title is the beginning of the other.",
        WHEELS,
        title="Prospective studies of cart wheels and the patience of …",
        authors=as_web_search_gives(WHEELS),
        journal="Invented Publishing House",
        volume="",
        issue="",
        pages="",
    ),
    plain(
        "capitals and full stop",
        "Older database records print titles in capitals and end them with a full stop.",
        paper(1, "Tea breaks and the alertness of night nurses"),
        title="TEA BREAKS AND THE ALERTNESS OF NIGHT NURSES.",
    ),
    plain(
        "British and American spelling",
        "One database turns randomised, tumour and oesophageal into American spelling.",
        paper(2, "Randomised trial of warm socks after oesophageal tumour resection"),
        title="Randomized trial of warm socks after esophageal tumor resection",
    ),
    plain(
        "Greek letter lost",
        "The letter was dropped with its encoding; volume and pages agree.",
        paper(3, "Role of β-catenin in the colouring of paper models"),
        title="Role of -catenin in the colouring of paper models",
    ),
    plain(
        "Greek letter spelled out",
        "κ and kappa are one letter.",
        paper(4, "NF-κB and κ-opioid signals in knitted tissue"),
        title="NF-kappaB and kappa-opioid signals in knitted tissue",
    ),
    plain(
        "markup and entities",
        "Publishers leave tags and entities in titles.",
        paper(5, "Growth of Exemplaria ficta & its H2O demand in pots"),
        title="Growth of <i>Exemplaria ficta</i> &amp; its H<sub>2</sub>O demand in pots",
    ),
    plain(
        "subscript in brackets",
        "MEDLINE writes subscripts in parentheses.",
        paper(6, "Uptake of CO2 and SO4 by cardboard filters"),
        title="Uptake of CO(2) and SO(4) by cardboard filters.",
    ),
    plain(
        "review suffix",
        "Ovid appends [Review] and the number of references.",
        paper(7, "Garden gnomes in the rehabilitation of wrists"),
        title="Garden gnomes in the rehabilitation of wrists. [Review] [33 refs]",
    ),
    plain(
        "erratum note behind the article's title",
        "The suffix says that an erratum exists; the record is the article.",
        paper(8, "Whistling as a warm-up before spirometry"),
        title="Whistling as a warm-up before spirometry.[Erratum appears in J Examples. 2005 Mar;19(3):301]",
    ),
    plain(
        "corrected title",
        "MEDLINE marks the article whose title it corrected; the record is the article.",
        paper(29, "Seed cakes and the gait of invented ponies"),
        title="Seed cakes and the gait of invented ponies. [corrected]",
    ),
    plain(
        "original marker before the title",
        "One export writes the kind of article in front.",
        paper(9, "Paper kites and the grip of young climbers"),
        title="<ORIGINAL> Paper kites and the grip of young climbers",
    ),
    plain(
        "brackets of a translated title",
        "PubMed puts translated titles in brackets.",
        paper(10, "Effect of wooden spoons on soup temperature"),
        title="[Effect of wooden spoons on soup temperature].",
    ),
    same(
        "title in two languages",
        "The regional index has the original title; everything else agrees.",
        paper(11, "Influence of hammocks on the blood pressure of retired teachers", doi=""),
        title="Influencia de las hamacas en la presión arterial de maestros jubilados",
    ),
    same(
        "title in two languages with one DOI",
        "The DOI and the pages agree; only the language differs.",
        paper(12, "Crowdwork in invented bakeries", doi="10.5555/ex.12"),
        title="Arbeiten in der Menge: erfundene Bäckereien",
    ),
    plain(
        "both languages in one field",
        "A bilingual journal gives both titles at once.",
        paper(13, "Balloons and breath control in choirs", doi="10.5555/ex.13"),
        title="Balloons and breath control in choirs / Balões e controle da respiração em coros",
    ),
    same(
        "one abstract, translated title",
        "Titles in two languages, no place; authors, journal, year and abstract agree.",
        paper(
            104,
            "Windmills and the sleep of invented millers",
            volume="",
            issue="",
            pages="",
            abstract=(
                "We asked 212 invented millers how they sleep. Those near the sails woke 1.7 times a night, "
                "those in the village 1.1 times (95% CI 0.9 to 1.4). Earplugs removed the difference."
            ),
        ),
        title="Moulins à vent et sommeil des meuniers inventés",
    ),
    same(
        "two translations of one title",
        "Two databases translated the title, each in its own way; volume and pages agree.",
        paper(14, "Copper needle and plastic tube for draining toy boats"),
        title="Draining of toy boats with a copper device and a vinyl catheter",
    ),
    plain(
        "subtitle dropped",
        "One export has the title only up to the colon; volume and pages agree.",
        paper(15, "Diminished control on the see-saw: a study of playground physics"),
        title="Diminished control on the see-saw",
    ),
    same(
        "subtitle and place dropped",
        "Only authors, journal and year hold the two together.",
        paper(16, "Marble runs for hand therapy: results of a village survey"),
        title="Marble runs for hand therapy",
        volume="",
        issue="",
        pages="",
    ),
    same(
        "title cut by a web search",
        "A web search cuts title, authors and journal, and knows no volume.",
        LANTERNS,
        title="Long-term outcomes of lantern walks for sleep in residents of three …",
        authors=as_web_search_gives(LANTERNS),
        journal="… of Invented …",
        volume="",
        issue="",
        pages="",
    ),
    plain(
        "title cut at 255 characters",
        "A reference manager kept the first 255 characters; volume and pages agree.",
        paper(18, "A very long title on shelves " + "and the many ways in which they carry books " * 7),
        title=("A very long title on shelves " + "and the many ways in which they carry books " * 7)[:255],
    ),
    plain(
        "slips of the pen",
        "Two letters were mistyped; volume and pages agree.",
        paper(19, "Cremophor free ink for the labelling of jars"),
        title="Cremaphor free ink for the labeling of jars",
    ),
    plain(
        "compound words",
        "Hyphen, space or neither.",
        paper(20, "Micro-array follow-up of paint-spots in post-operative puppets"),
        title="Microarray followup of paint spots in postoperative puppets",
    ),
    plain(
        "Roman and Arabic number",
        "One database turns Roman numbers into digits; volume and pages agree.",
        paper(21, "A phase II study of humming for type I stage fright"),
        title="A phase 2 study of humming for type 1 stage fright",
    ),
    plain(
        "quotation marks and dashes",
        "Signs differ, no word does.",
        paper(22, "“Mind the gap” – a warning’s effect on stumbling"),
        title='"Mind the gap" - a warning\'s effect on stumbling',
    ),
    same(
        "number as word",
        "A copy editor wrote the number as a word; volume and pages agree.",
        paper(23, "A 12-week course of juggling for cold hands"),
        title="A twelve-week course of juggling for cold hands",
    ),
    same(
        "no title at all",
        "One record lost its title; authors, journal, volume, issue, pages and abstract agree.",
        paper(24, "Buckets and balance in the elderly", abstract="Forty people carried buckets. " * 8),
        title="",
    ),
    same(
        "retracted article marked in front of its title",
        "After a retraction the publisher writes RETRACTED before the article's title; DOI and pages agree.",
        paper(25, "Magnets and the memory of goldfish", doi="10.5555/ex.25"),
        title="RETRACTED: Magnets and the memory of goldfish",
    ),
    plain(
        "Roman part number in two spellings",
        "Part II and Part 2 of one series with one place.",
        paper(26, "Atlas of invented bones. Part II: the elbow"),
        title="Atlas of invented bones. Part 2: The elbow",
    ),
    plain(
        "leading article dropped",
        "One catalogue drops leading articles.",
        paper(27, "The effect of candlelight on reading speed"),
        title="Effect of candlelight on reading speed",
    ),
    plain(
        "umlauts and ligatures",
        "Accents are lost or spelled out.",
        paper(28, "Über die Größe von Phantasiewürfeln"),
        title="Uber die Grosse von Phantasiewurfeln",
    ),
]

AUTHORS: list[HardPair] = [
    plain(
        "surname and initials without comma",
        "PubMed's short author form.",
        paper(31, "Paperclips as splints for puppets", authors=("Example, Anna B.", "Sample, Carl")),
        authors=("Example AB", "Sample C"),
    ),
    plain(
        "first name first",
        "A web search gives names as spoken.",
        paper(32, "Ladders and lumbar load in apple pickers", authors=("Example, Anna", "Sample, Carl")),
        authors=("Anna Example", "Carl Sample"),
    ),
    plain(
        "authors missing",
        "CENTRAL often has conference papers without authors; all else agrees.",
        paper(33, "Cushions and the comfort of long organ recitals"),
        authors=(),
    ),
    plain(
        "authors glued together",
        "A faulty export joined the names; volume and pages agree.",
        paper(34, "Rain gauges in the classroom", authors=("Muster, K.", "Lewis-Sample, G. F.")),
        authors=("Muster K.Lewis-Sample G. F.",),
    ),
    plain(
        "name with particles",
        "Particles are put before, behind or away.",
        paper(35, "Clogs and ankle sprains", authors=("van der Voorbeeld, J. P.", "de Exemple, M.")),
        authors=("Voorbeeld JPvd", "Exemple Md"),
    ),
    plain(
        "two surnames",
        "Of two surnames one database takes the first, another the last; volume and pages agree.",
        paper(36, "Castanets and finger tremor", authors=("Ejemplo Modelo, J. V.", "Muestra, P.")),
        authors=("Modelo, J. V. E.", "Muestra, P."),
    ),
    plain(
        "second surname hyphenated",
        "A hyphen joins the two surnames.",
        paper(37, "Fans and fever in summer camps", authors=("Ejemplo-Muestra, R.", "Esempio, T.")),
        authors=("Ejemplo Muestra R", "Esempio T"),
    ),
    plain(
        "first author lost",
        "The list begins with the second author; volume and pages agree.",
        paper(38, "Sand castles and shoulder strain", authors=("Example, A.", "Sample, B.", "Muster, C.")),
        authors=("Sample, B.", "Muster, C."),
    ),
    plain(
        "group in place of its members",
        "One database names the study group only; volume and pages agree.",
        paper(39, "Ten years of the invented sleep cohort"),
        authors=("Invented Sleep Cohort Study Group",),
    ),
    plain(
        "list cut after three",
        "One export stops at three and adds et al.",
        paper(
            41,
            "Tambourines in hearing tests",
            authors=tuple(f"{n}, A." for n in ("Aa", "Bb", "Cc", "Dd", "Ee")),
        ),
        authors=("Aa A", "Bb A", "Cc A", "et al."),
    ),
    plain(
        "umlauts in names",
        "The umlaut is kept, spelled out or dropped.",
        paper(42, "Hats and heat in marching bands", authors=("Müsterlein, Ö.", "Sørensen-Prøve, K.")),
        authors=("Muesterlein O", "Sorensen-Prove K"),
    ),
    plain(
        "family name first without comma",
        "East Asian names stand in both orders; volume and pages agree.",
        paper(43, "Abacus training and sums at noon", authors=("Mihon, Taro", "Yorei, Hanako")),
        authors=("Taro Mihon", "Hanako Yorei"),
    ),
    plain(
        "capital names",
        "Names in capitals, initials without points.",
        paper(44, "Skipping ropes in corridor rehabilitation", authors=("Example, A. B.", "Sample, C. D.")),
        authors=("EXAMPLE, AB", "SAMPLE, CD"),
    ),
    plain(
        "degree and affiliation in the name",
        "A table export kept degrees; volume and pages agree.",
        paper(45, "Cartwheels and dizziness", authors=("Example, A.", "Sample, B.")),
        authors=("A. Example, MD, PhD", "B. Sample, RN"),
    ),
    same(
        "order of authors changed",
        "An early record sorts authors by the alphabet; no pages yet.",
        paper(
            46,
            "Crosswords and waiting-room anxiety in dental practice",
            authors=("Sample, B.", "Example, A."),
        ),
        authors=("Example, A.", "Sample, B."),
        volume="",
        issue="",
        pages="",
    ),
]
