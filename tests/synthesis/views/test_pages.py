"""Pages of synthesis: who may see them, what they say, and where their numbers lead."""

from __future__ import annotations

import re

import pytest

from synthesis.services.reported import load_reported
from tests.synthesis.queries.scenario import document, printed

PAGES = ("flow/", "flow/records_screened/", "tables/", "reported/")
EXPORTS = ("flow.svg", "flow.csv", "pooled-tables.csv", "pooled-tables.xlsx")


def get(client, user, path):
    client.force_login(user)
    return client.get(f"/reviews/cement/{path}")


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("path", PAGES)
def test_a_viewer_sees_every_page_even_of_an_empty_review(client, viewer, path):
    assert get(client, viewer, path).status_code == 200


@pytest.mark.parametrize("path", [*PAGES, "exports/flow.svg"])
def test_an_outsider_finds_nothing(client, review, outsider, path):
    assert get(client, outsider, path).status_code == 404


@pytest.mark.parametrize("name", EXPORTS)
def test_a_viewer_may_not_download_and_sees_no_button(client, viewer, name):
    assert get(client, viewer, f"exports/{name}").status_code == 403
    assert name not in get(client, viewer, "flow/").content.decode()
    assert name not in get(client, viewer, "tables/").content.decode()


@pytest.mark.parametrize("name", EXPORTS)
def test_an_owner_downloads_a_file_named_after_the_review(client, owner, flowing, name):
    response = get(client, owner, f"exports/{name}")
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="cement-{name}"' or (
        response["Content-Disposition"] == f'attachment; filename="cement-prisma-{name}"'
    )


def test_the_figure_leads_to_lists_on_the_page_and_has_no_links_in_the_download(client, owner, flowing):
    page = get(client, owner, "flow/").content.decode()
    assert 'href="/reviews/cement/flow/records_screened/"' in page
    assert 'href="/reviews/cement/flow/pending_retrieval/"' in page
    assert "href" not in get(client, owner, "exports/flow.svg").content.decode()


def test_open_work_makes_the_flow_interim_on_the_page_and_in_the_figure(client, owner, flowing):
    assert "Interim: 4 records or reports" in text_of(get(client, owner, "flow/"))
    assert "Interim figure, as of" in get(client, owner, "exports/flow.svg").content.decode()


def test_the_flow_page_shows_unlisted_groups_with_their_provenance(client, viewer, flowing):
    page = text_of(get(client, viewer, "flow/"))
    assert "Not in humans" in page
    assert "Inferred" in page
    assert "Reported" in page


def test_a_box_lists_its_records_and_its_unlisted_groups(client, viewer, flowing):
    page = text_of(get(client, viewer, "flow/records_excluded/"))
    assert "Records excluded: 5" in page
    assert "1 listed" in page
    assert "4 known only as a total" in page
    assert "off" in page


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("", "Reports excluded: 3"),
        ("?reason=Population", "Reports excluded: 1"),
        ("?reason=Not+in+humans", "Reports excluded: 2"),
        ("?source=register", "Reports excluded: 0"),
    ],
)
def test_a_box_is_narrowed_by_source_and_reason(client, viewer, flowing, query, heading):
    assert heading in text_of(get(client, viewer, f"flow/dbr_excluded/{query}"))


@pytest.mark.parametrize(
    "path",
    [
        "flow/dbr_awaiting/",
        "flow/nonsense/",
        "flow/dbr_excluded/?reason=nonsense",
        "flow/dbr_excluded/?source=elsewhere",
        "tables/?scheme=nonsense",
        "tables/outcomes/VAS/PVP/nonsense/",
        "tables/outcomes/VAS/nobody/pre/",
        "tables/characteristics/nonsense/total/",
        "reported/?mark=nonsense",
    ],
)
def test_what_is_not_there_is_a_404(client, viewer, pooled, path):
    assert get(client, viewer, path).status_code == 404


def test_a_duplicate_names_the_record_that_stays(client, viewer, flowing):
    assert f"#{flowing['included'].number}" in text_of(get(client, viewer, "flow/duplicates/"))


def test_tables_show_mean_patients_and_studies_and_a_dash_where_nothing_is_known(client, viewer, pooled):
    page = text_of(get(client, viewer, "tables/"))
    assert "2 of 3 studies have extracted data" in page
    assert re.search(r"6\.50 ‡ \(40\) +k 2", page)
    assert "Yes, the tables add up" in page
    assert not re.search(r"(?<!\d)0\.00", page)


def test_the_other_scheme_flags_what_it_fills(client, viewer, pooled):
    assert "†" not in text_of(get(client, viewer, "tables/"))
    page = text_of(get(client, viewer, "tables/?scheme=enrolled_fallback"))
    assert re.search(r"6\.00 † \(30\) +k 1", page)
    assert "weighted by the number enrolled" in page


def test_a_cell_lists_the_rows_used_and_left_out_with_the_reason(client, viewer, pooled):
    page = text_of(get(client, viewer, "tables/outcomes/VAS/PVP/lt_4wk/"))
    assert "1 row used" in page
    assert "Hansen 2011" in page
    assert "1 row left out" in page
    assert "The value is a median, not a mean." in page


def test_a_cell_of_the_characteristics_shows_its_formula(client, viewer, pooled):
    page = text_of(get(client, viewer, "tables/characteristics/age/total/"))
    assert "66.00" in page
    assert "Σ nᵢmᵢ / Σ nᵢ" in page
    assert "3 rows used" in page


def test_the_rest_of_a_partition_has_a_page(client, viewer, pooled):
    page = text_of(get(client, viewer, "tables/characteristics/sex-unknown/PVP/"))
    assert "less those that the named parts count" in page


def test_printed_numbers_are_counted_by_mark_and_narrowed(client, owner, viewer, pooled):
    patients = {"kind": "characteristic_total", "field": "patients", "group": "all"}
    cells = (printed("right", 70, **patients), printed("wrong", 71, **patients), printed("free", 1))
    load_reported(user=owner, review=pooled[0].review, document=document(*cells))
    page = text_of(get(client, viewer, "reported/"))
    for count in ("3 All", "1 Reproduced", "1 Different", "1 Not derivable"):
        assert count in page
    narrowed = text_of(get(client, viewer, "reported/?mark=different"))
    assert "wrong" in narrowed
    assert "right" not in narrowed.replace("copyright", "")


def test_a_review_without_printed_numbers_says_so(client, viewer):
    assert "No printed numbers are stored" in text_of(get(client, viewer, "reported/"))


@pytest.mark.parametrize(("path", "n"), [("flow/", 30), ("flow/records_screened/", 20)])
def test_pages_of_the_flow_ask_a_bounded_number_of_queries(
    client, viewer, flowing, path, n, django_assert_max_num_queries
):
    client.force_login(viewer)
    with django_assert_max_num_queries(n):
        client.get(f"/reviews/cement/{path}")


@pytest.mark.parametrize(
    ("path", "n"), [("tables/", 25), ("tables/outcomes/VAS/PVP/pre/", 20), ("reported/", 15)]
)
def test_pages_of_the_tables_ask_a_bounded_number_of_queries(
    client, viewer, pooled, path, n, django_assert_max_num_queries
):
    client.force_login(viewer)
    with django_assert_max_num_queries(n):
        client.get(f"/reviews/cement/{path}")
