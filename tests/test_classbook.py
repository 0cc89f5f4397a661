"""The codebook of a class: the rules that decide stand on it, in the words of the class and nowhere else's."""
import re
from html import unescape

import pytest

from helpers.case import open_case
from helpers.codebook import check as check_codebook
from helpers.codebook import load_codebook
from helpers.codebook import page as full_page
from helpers.teaching import check, classbook
from helpers.teaching.checks import ROLES
from helpers.teaching.showing import TABLES, groups

PRACTICE = open_case("practice")


@pytest.fixture(scope="module")
def book():
    return load_codebook(PRACTICE.raw)


@pytest.fixture(scope="module")
def text():
    return words(classbook.codebook_page(PRACTICE))


def words(html):
    """What a page says, without its tags and its style."""
    html = re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_rules_of_the_sheet_and_the_order_of_statuses_stand_on_the_page(text, book):
    assert "Where several fit, the first of these counts: denied, claimed, announced, happened." in text
    for column in TABLES.values():
        rules = book.about[f"{column}.yaml"]["seminar_rules"]
        assert rules and all(" ".join(rule.split()) in text for rule in rules), column


def test_every_rule_between_two_groups_stands_there_once_in_the_words_of_the_class(text, book):
    n = 0
    for column, table in TABLES.items():
        codes = getattr(book, table)
        group = codes["seminar_group"]
        shown = classbook.edges(codes, groups(book, column)["group"].tolist())
        for code, drawn in codes["boundaries"].items():
            for edge in drawn:
                rule = classbook.coarser(re.sub(r"^See \w+\. ?", "", edge["rule"]), group.to_dict())
                wanted = bool(rule) and group[code] != group[edge["against"]]
                assert text.count(rule) == (1 if wanted else 0) or not rule, rule
                assert (rule in sum(shown.values(), [])) == wanted
                n += wanted
    assert n > 15 and "A sum named only to identify a contract does not make resources." in text
    assert "resources or law?" in text and "law or resources?" not in text


def test_no_word_on_the_page_is_one_that_the_class_does_not_have(text, book):
    assert not re.search(r"\w_\w", text) and not [kind for kind in book.types.index if kind in text]
    assert "everything above" not in text and "no row" not in text
    sure = text[text.index("happened. The source tells"):text.index("threatened. The actor")]
    assert "Out what is only announced, claimed or denied" in sure


def test_out_says_where_it_goes_and_leaves_out_what_stays_in_its_group(text):
    assert "a warning of harm that the speaker would not cause (claimed)" in text
    assert "a neutral plan" not in text                 # it is `announced` as the threat is


def test_each_role_has_an_example_that_its_rules_meet(text, book):
    shown = text[text.index("What a line is for The roles"):]
    assert all(f" {role} " in shown for role in ROLES)
    with_words = book.roles[book.roles.index != "blank"]
    assert with_words["example"].str.len().min() > 3
    full = words(full_page(book))
    assert all(f"Example {example}" in full for example in with_words["example"])
    assert sum(example in shown for example in with_words["example"]) == len(ROLES)


def test_a_role_may_be_called_by_the_codes_own_name():
    said = check("roles", PRACTICE, "wire", {2: "nav", 9: "byline"})
    assert said.ok, said
    assert "standfirst" in repr(check("roles", PRACTICE, "wire", {9: "dek"}))


@pytest.mark.parametrize(("edge", "says"), [
    ("{against: sanction, rule: x}", "against 'sanction', which is no code of tracks"),
    ("{against: military}", "the boundary against 'military' has no rule")])
def test_a_boundary_that_leads_nowhere_is_told(edge, says, tmp_path):
    folder = tmp_path / "codebook"
    folder.mkdir()
    (folder / "tracks.yaml").write_text(
        "entries:\n  - {code: sanctions, label: a, definition: b, in: [c], out: [d], example: e, seminar_group: f, "
        f"boundaries: [{edge}]}}\n", encoding="utf-8")
    assert says in "\n".join(map(str, check_codebook(tmp_path)))
