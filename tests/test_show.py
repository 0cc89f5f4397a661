"""Tables in notebooks: what comes from a text is shown, never run."""
import pandas as pd

from helpers.show import table


def test_cells_and_headings_are_escaped_and_counted():
    frame = pd.DataFrame({"<i>head": ["<script>alert(1)</script>", None, "x"],
                          "n": pd.array([1, None, 3], dtype="Int64")})
    html = table(frame, "A & B", rows=2)._repr_html_()
    assert "<script" not in html and "&lt;script&gt;" in html and "<i>" not in html and "A &amp; B" in html
    assert html.count("<tr>") == 3 and "1 more rows" in html and "<NA>" not in html and "None" not in html


def test_a_hint_appears_on_its_own_cells_and_is_escaped():
    frame = pd.DataFrame({"day": ["2031-05-01", "2031-05-02"], "reading": ['on "1" May', None]})
    html = table(frame, "T", columns={"day": "from"}, hover={"from": "reading"})._repr_html_()
    assert 'title="on &quot;1&quot; May">2031-05-01' in html and 'title="">2031-05-02' in html


def test_columns_are_chosen_and_named():
    shown = table(pd.DataFrame({"a": [1], "b": [2]}), "T", columns={"b": "bees"})
    assert list(shown.frame.columns) == ["bees"] and "bees" in repr(shown)
