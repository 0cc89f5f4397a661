"""Tables in notebooks: what comes from a text is shown, never run."""
import pandas as pd
import pytest

from helpers.show import sortable, table


def test_cells_and_headings_are_escaped_and_counted():
    frame = pd.DataFrame({"<i>head": ["<script>alert(1)</script>", None, "x"],
                          "n": pd.array([1, None, 3], dtype="Int64")})
    html = table(frame, "A & B", rows=2)._repr_html_()
    assert "<script" not in html and "&lt;script&gt;" in html and "<i>" not in html and "A &amp; B" in html
    assert html.count("<tr>") == 3 and "The first 2 of 3 rows." in html and "<NA>" not in html and "None" not in html


def test_a_hint_appears_on_its_own_cells_and_is_escaped():
    frame = pd.DataFrame({"day": ["2031-05-01", "2031-05-02"], "reading": ['on "1" May', None]})
    html = table(frame, "T", columns={"day": "from"}, hover={"from": "reading"})._repr_html_()
    assert 'title="on &quot;1&quot; May">2031-05-01' in html and 'title="">2031-05-02' in html


def test_columns_are_chosen_and_named():
    shown = table(pd.DataFrame({"a": [1], "b": [2]}), "T", columns={"b": "bees"})
    assert list(shown.frame.columns) == ["bees"] and "bees" in repr(shown)


NAMES = {"late": "Wire, May", "early": "Gazette, June"}


def test_words_stand_for_codes_and_texts_in_their_order():
    frame = pd.DataFrame({"doc_id": ["early", "early", "late"], "who": ["AAA+BBB", None, "CCC; AAA"], "n": [3, 1, 2]})
    shown = table(frame, "T", words={"doc_id": NAMES, "who": {"AAA": "Aland", "BBB": "Beland"}}).frame
    assert shown["text"].tolist() == ["Wire, May", "Gazette, June", "Gazette, June"]
    assert shown["who"].tolist() == ["CCC; Aland", "Aland + Beland", ""] and shown["number"].tolist() == [2, 3, 1]
    assert frame["doc_id"].tolist() == ["early", "early", "late"]


def test_a_code_without_a_word_stands_for_itself():
    frame = pd.DataFrame({"doc_id": ["early", "other"]})
    assert table(frame, "T", words={"doc_id": {"other": None}}).frame["text"].tolist() == ["other", "early"]


def test_rows_in_another_order_keep_it():
    frame = pd.DataFrame({"doc_id": ["early", "late", "early"], "n": [9, 5, 1]})
    assert table(frame, "T", words={"doc_id": NAMES}).frame["number"].tolist() == [9, 5, 1]


def test_rows_of_a_sorted_table_keep_their_names_beside_words():
    frame = pd.DataFrame({"doc_id": ["early", "late"], "id": ["one", "two"]})
    html = sortable(frame, "T", columns={"doc_id": "text"}, row="id", words={"doc_id": NAMES})._repr_html_()
    assert html.index('id="row-two"') < html.index("Wire, May") < html.index('id="row-one"') < html.index("Gazette")


def test_yes_and_no_stand_for_truth_and_are_no_numbers():
    html = table(pd.DataFrame({"kept": pd.array([True, None], dtype="boolean")}), "T")._repr_html_()
    assert ">yes</td>" in html and "True" not in html and "number" not in html and "nan" not in html
    objects = pd.DataFrame({"same": pd.Series([False, True], dtype=object)})
    assert table(objects, "T").frame["same"].tolist() == ["no", "yes"]
    assert table(objects, "T", words={"same": NAMES}).frame["same"].tolist() == ["no", "yes"]


def test_less_than_no_rows_are_refused():
    with pytest.raises(ValueError, match="0 or more"):
        table(pd.DataFrame({"n": range(6)}), "Numbers", rows=-1)
    assert table(pd.DataFrame({"n": range(6)}), "Numbers", rows=0).left_out == 6
