"""The machine's events against the adjudicated ones: who is paired, what each step counts, what is said."""
import os
import shutil
import subprocess
import sys

import nbformat
import pandas as pd
import pytest

from helpers.compare import cascade
from helpers.tables import empty

TRUTH = pd.DataFrame([  # sentence, trigger, type, actor, target, status, first and last day, basis
    ("s1", 10, 16, "AGREE", "NOR.council", "KES", "happened", "2030-05-02", "2030-05-02", "explicit"),
    ("s1", 40, 48, "REJECT", "KES", "NOR", "planned", None, None, "none"),
    ("s2", 90, 95, "AGREE", "NOR", None, "happened", "2030-05-09", "2030-05-09", "record"),
    ("s3", 120, 126, None, "KES", "NOR", "opinion", None, None, "none"),
    ("s4", 150, 156, "AGREE", "NOR", "KES", "denied", None, None, "none"),
], columns=["sentence_id", "trigger_start", "trigger_end", "type", "actor_id", "target_id", "status", "earliest",
            "latest", "basis"])
MACHINE = pd.DataFrame([
    ("s1", 44, 49, "REJECT", "KES", "NOR.port", "happened", None, "reject.refuse"),
    ("s1", 12, 16, "AGREE", "NOR", "KES", "happened", "t1", "agree.accept"),
    ("s2", 91, 95, "AGREE", "NOR", None, "ongoing", None, "agree.accept+ongoing"),
    ("s3", 121, 126, "REJECT", None, None, "opinion", None, "reject.refuse+opinion"),
    ("s9", 300, 306, "AGREE", "NOR", "KES", "happened", None, "agree.accept"),
], columns=["sentence_id", "trigger_start", "trigger_end", "type", "actor_id", "target_id", "status", "time_id",
            "rule"])
TIMES = pd.DataFrame({"time_id": ["t1"], "earliest": ["2030-05-02"], "latest": ["2030-05-02"], "basis": ["explicit"]})


@pytest.fixture
def pairs():
    return cascade.matched(MACHINE, TRUTH, TIMES)


def test_events_of_one_sentence_are_paired_by_type_before_place(pairs):
    assert list(zip(pairs["adjudicated"], pairs["machine"])) == [(0, 1), (1, 0), (2, 2), (3, 3)]
    crossed = MACHINE.assign(trigger_start=[12, 44, 91, 121, 300], trigger_end=[16, 49, 95, 126, 306])
    assert list(cascade.matched(crossed, TRUTH)["machine"]) == [1, 0, 2, 3]


def test_of_one_type_the_nearest_triggers_are_paired_and_none_twice():
    truth, twice = TRUTH.iloc[[0, 0]].assign(trigger_start=[10, 40], trigger_end=[16, 46]), MACHINE.iloc[[1]]
    assert list(cascade.matched(twice, truth)["adjudicated"]) == [0]
    later = twice.assign(trigger_start=41, trigger_end=45)
    assert list(cascade.matched(later, truth)["adjudicated"]) == [1]
    assert list(cascade.matched(pd.concat([later, twice]), truth.iloc[:1])["machine"]) == [1]


def test_each_step_counts_only_what_was_right_so_far(pairs):
    steps = cascade.cascade(pairs, TRUTH)
    assert list(zip(steps["right"], steps["of"])) == [(4, 5), (3, 4), (3, 3), (3, 3), (2, 3), (1, 1)]
    assert list(steps["alone"]) == [4, 3, 3, 3, 3, 3]
    assert list(steps["trivial"]) == [4, 2, 2, 1, 2, 1]
    assert list(steps["answer"])[1:5] == ["AGREE", "NOR", "KES", "happened"]


def test_a_date_from_the_record_is_no_miss_and_a_wrong_day_is_one(pairs):
    date = cascade.cascade(pairs, TRUTH).iloc[-1]
    assert (date["right"], date["of"], date["found"]) == (1, 1, 3)
    wrong = cascade.matched(MACHINE, TRUTH, TIMES.assign(latest="2030-05-03"))
    assert cascade.cascade(wrong, TRUTH)["right"].iloc[-1] == 0


def test_a_missing_type_is_never_right_and_bare_actors_are_the_same_state(pairs):
    assert list(pairs["type_a"]) == ["AGREE", "REJECT", "AGREE", "none"]
    assert list(pairs["actor_a"]) == ["NOR", "KES", "NOR", "KES"]
    assert list(pairs["target_m"])[:3] == ["KES", "NOR", "none"]


def test_confusions_name_both_sides_and_how_many_there_were(pairs):
    assert cascade.confusions(pairs, "type").values.tolist() == [["none", "REJECT", 1, 1]]
    assert cascade.confusions(pairs, "status").values.tolist() == [["happened", "ongoing", 1, 2],
                                                                   ["planned", "happened", 1, 1]]
    assert cascade.confusions(pairs.iloc[:1], "type").empty


def test_rules_are_counted_by_what_they_decide(pairs):
    rows = cascade.by_rule(MACHINE, pairs).set_index("rule")
    assert rows.loc["agree.accept"].tolist() == ["trigger", 3, 2, 2, 2]
    assert rows.loc["reject.refuse"].tolist() == ["trigger", 2, 2, 1, 1]
    assert rows.loc["ongoing"].tolist() == ["status", 1, 1, 1, 1]


def test_without_adjudicated_events_nothing_is_scored():
    none = empty("adjudicated_event_mentions")
    pairs = cascade.matched(MACHINE, none, TIMES)
    assert pairs.empty and cascade.cascade(pairs, none).empty
    assert cascade.say_cascade(cascade.cascade(pairs, none), len(MACHINE)) == cascade.NOTHING
    assert cascade.confusions(pairs, "type").empty and cascade.confusions(pairs, "status").empty
    assert cascade.by_rule(MACHINE, pairs)["met"].sum() == 0


def test_without_machine_events_nothing_is_found():
    steps = cascade.cascade(cascade.matched(empty("event_mentions"), TRUTH, TIMES), TRUTH)
    assert steps["right"].tolist() == [0] * 6 and steps["of"].tolist() == [5, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("url, open_to_all", [
    ("https://pilot.example/1", True), ("https://news.pilot.example", True), ("https://pilot.example.org/1", False),
    ("https://real.org/pilot.example/1", False), (None, False)])
def test_only_reserved_addresses_count_as_invented(url, open_to_all):
    manifest = pd.DataFrame({"url": ["https://harbour.example/", url]}, dtype="string")
    assert cascade.invented(manifest) is open_to_all


def test_line_by_line_holds_every_sentence_and_no_words():
    sentences = pd.DataFrame({"sentence_id": ["s2", "s1"], "section": ["body", "title"], "start": [80, 0],
                              "end": [110, 60]})
    quotes = pd.DataFrame({"sentence_id": ["s2"], "start": [82], "speaker_id": [None], "speaker": ["a pilot"]})
    frames = pd.DataFrame({"sentence_id": ["s2", "s2"], "rank": [2, 1], "frame": ["law", "cost"]})
    lines = cascade.line_by_line(sentences, MACHINE, TRUTH, quotes, frames)
    assert lines["no"].tolist() == [1, 2] and lines["start"].tolist() == [0, 80]
    assert lines.loc[0, "machine"] == "AGREE, happened (NOR → KES); REJECT, happened (KES → NOR)"
    assert lines.loc[0, "rule"] == "agree.accept; reject.refuse" and pd.isna(lines.loc[0, "said_by"])
    assert lines.loc[1, "said_by"] == "a pilot" and lines.loc[1, "frames"] == "cost; law"
    assert "words" not in lines


def run_notebook(project, data, name):
    """Run the code of notebook 02 on a case as plain Python and return what it prints."""
    notebook = nbformat.read(project / "notebooks" / "02-code-texts.ipynb", as_version=4)
    code = "\n".join(c.source for c in notebook.cells if c.cell_type == "code").replace('= "s400"', f'= "{name}"', 1)
    done = subprocess.run([sys.executable, "-c", code + "\nprint(list(lines.columns))"], capture_output=True, text=True,
                          env=dict(os.environ, CASEBOOK_DATA=str(data), MPLBACKEND="agg"), encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_case_without_labels_gets_one_line_a_section(project, tmp_path):
    shutil.copytree(project / "data" / "raw" / "practice", tmp_path / "raw" / "practice")
    shutil.rmtree(tmp_path / "raw" / "practice" / "gold")
    shutil.rmtree(tmp_path / "raw" / "practice" / "review")
    printed = run_notebook(project, tmp_path, "practice")
    assert printed.count(cascade.NOTHING) == 5      # cascade, types, statuses, rules, the text
    assert "'words'" in printed      # invented texts are shown


def test_the_words_of_others_are_never_shown(project):
    assert "'words'" not in run_notebook(project, project / "data", "s400")
