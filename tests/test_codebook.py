"""The codebook: what it holds, what it refuses, and that its cues find what they should."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from helpers.codebook import CodebookError, check, compile_cues, load_codebook, page
from helpers.codebook.book import HERE
from helpers.codebook.cues import danger, fold, to_regex
from helpers.pages import html as pages

RAW = Path(__file__).parents[1] / "data" / "raw"
CASES = sorted(path.parent for path in RAW.glob("*/codebook"))
ACTORS = "actor_id,name,kind,country,bloc,office,valid_from,valid_to,colour,shared\n"
ALIASES = "alias,actor_id,match,form,ambiguous,error_form\n"


@pytest.fixture(scope="module")
def book():
    return load_codebook(None)


@pytest.fixture
def case(tmp_path):
    """A case's codebook folder to be filled: ``case(**files)`` writes them and returns what check says."""

    def fill(**files):
        folder = tmp_path / "made" / "codebook"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            name = name.replace("_yaml", ".yaml").replace("_csv", ".csv")
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return [str(problem) for problem in check(folder.parent)]

    fill.folder = tmp_path / "made"
    return fill


# ---- what it holds


@pytest.mark.parametrize("folder", [None, *CASES], ids=lambda f: f.name if f else "general")
def test_nothing_to_mend(folder):
    assert [str(problem) for problem in check(folder)] == []


def test_the_codes_that_the_design_names(book):
    assert set(book.types.index) == set(
        "AGREE CONSULT SUPPORT COOPERATE AID CONCEDE REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE "
        "ASSAULT RETREAT".split()
    )
    assert set(book.tracks.index) == set("sanctions legislation negotiation procurement military alliance".split())
    assert set(
        "legislated liable proposed threatened withheld imposed maintained expanded eased lifted opposed demand offer "
        "conditional_offer condition counter_offer talks no_response deny reject concede agreement contract delivered "
        "deferral".split()
    ) <= set(book.stages.index)
    assert len(book.frames) == 10 and set(book.roles.index) >= {"title", "body", "blank"}


def test_precedence_of_statuses(book):
    order = book.statuses["precedence"].sort_values(kind="stable")
    ranks = order.to_dict()
    chain = ["not_happened", "denied", "rumoured", "hypothetical", "threatened", "planned", "ongoing", "happened"]
    assert [ranks[code] for code in chain] == sorted({ranks[code] for code in chain})
    assert ranks["threatened"] == ranks["proposed"] == ranks["demanded"]
    assert set(book.statuses["fill"]) == {"happened", "announced", "claimed", "denied"}


def test_the_cut_for_a_seminar(book):
    assert [table["seminar_group"].nunique() for table in (book.statuses, book.tracks, book.frames)] == [4, 4, 6]


def test_every_code_says_what_is_in_and_out(book):
    for table in (book.types, book.stages, book.tracks, book.statuses, book.frames):
        assert (table[["in", "out"]].map(len) > 0).all(axis=None)
        assert (table[["label", "definition", "example"]].map(len) > 3).all(axis=None)


def test_every_file_says_who_wrote_it_and_what_the_author_had_read(book):
    for name in ("events", "stages", "tracks", "statuses", "frames", "modality", "speech", "event_rules"):
        author = book.about[f"{name}.yaml"]["author"]
        assert author["kind"] == "model" and author["had_read"]


def test_every_type_has_rules(book):
    assert set(book.event_rules["type"]) == set(book.types.index)


def test_general_files_name_no_case():
    names = {"turk", "ankara", "kremlin", "s-400", "s400", "f-35", "erdogan", "caatsa", "asiae", "patriot missile"}
    for path in HERE.glob("*.yaml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        rules = {k: v for k, v in content.items() if k not in ("about", "author", "note")}   # these say what was read
        assert rules, path.name
        assert not [name for name in names if name in str(rules).lower()], path.name


@pytest.mark.parametrize("folder", CASES, ids=lambda f: f.name)
def test_labels_of_the_cases_use_codes_that_exist(folder):
    book = load_codebook(folder)
    events = pd.read_csv(folder / "gold" / "events.csv", dtype=str, keep_default_na=False)
    for column, table in (("type", "types"), ("track", "tracks"), ("stage", "stages"), ("status", "statuses")):
        assert set(events[column]) - {""} <= set(getattr(book, table).index), column
    actors = {one for cell in [*events["actor"], *events["target"]] for one in re.split(r"[+;]", cell) if one}
    assert actors <= set(book.actors["actor_id"])
    frames = pd.read_csv(folder / "gold" / "frames.csv", dtype=str, keep_default_na=False)
    assert {one for cell in frames["frames"] for one in cell.split(";") if one} <= set(book.frames.index)


# ---- actors


def test_offices_resolve_by_date():
    actors = load_codebook(RAW / "s400").actors

    def holder(office, country, day):
        rows = actors[(actors["office"] == office) & (actors["country"] == country)]
        rows = rows[(rows["valid_from"] <= day) & ((rows["valid_to"] == "") | (rows["valid_to"] > day))]
        return list(rows["actor_id"])

    assert holder("president", "USA", "2020-06-30") == ["USA.trump"]
    assert holder("president", "USA", "2022-08-16") == ["USA.biden"]
    assert holder("prime minister", "TUR", "2015-01-01") == ["TUR.davutoglu"]
    assert holder("prime minister", "TUR", "2020-05-15") == []


def test_a_misnaming_resolves_and_is_marked():
    aliases = load_codebook(RAW / "s400").aliases.set_index("alias")
    assert aliases.loc["Jim Rice", "actor_id"] == "USA.risch" and aliases.loc["Jim Rice", "error_form"]
    assert not aliases.loc["Jim Risch", "error_form"]


def test_a_new_case_knows_the_states_of_the_world(book):
    pycountry = pytest.importorskip("pycountry")
    assert set(book.countries.index) <= {country.alpha_3 for country in pycountry.countries}
    assert len(book.countries) == 196 and (book.countries[["metonyms", "demonyms"]] != "").all(axis=None)
    aliases = book.aliases.set_index("alias")
    assert aliases.loc["Oslo", "actor_id"] == aliases.loc["Norwegian", "actor_id"] == "NOR"
    assert aliases.loc["Georgia", "ambiguous"] and not aliases.loc["Oslo", "ambiguous"]


def test_a_case_comes_before_the_general_names(case):
    row = "XKE.oslo,Captain Oslo,person,,Kestria,,,,,\n"
    assert case(actors_csv=ACTORS + row, aliases_csv=ALIASES + "Oslo,XKE.oslo,word,name,,\n") == []
    book = load_codebook(case.folder)
    assert list(book.aliases.loc[book.aliases["alias"] == "Oslo", "actor_id"]) == ["XKE.oslo"]


# ---- cues


@pytest.mark.parametrize(
    ("cue", "text", "found"),
    [
        ("turned down", "Norvia TURNED\ndown the lease", "TURNED\ndown"),
        ("turned down", "Norvia returned downstairs", None),
        ("sanction*", "new sanctions", "sanctions"),
        ("sanction", "new sanctions", None),
        ("(buy|sell) back", "they sell back the boat", "sell back"),
        ("(a|b) (c|d)", "x b d", "b d"),
        ("if ... would", "if the old ferry sank it would", "if the old ferry sank it would"),
        ("if ... would", "if it sank. It would", None),
        ("if ... would", "if one two three four five six seven would", None),
        ("won't", "it won’t sail", "won’t"),
        ("co-produc*", "they co-produced it", "co-produced"),
        ("$", "it cost $3", "$"),
        (r"re:\bpre-?war", "the prewar fleet", "prewar"),
        ("half(way|time)", "halfway there", "halfway"),
    ],
)
def test_how_a_cue_is_read(cue, text, found):
    hits = compile_cues([{"id": "r", "cues": [cue]}]).find(text)
    assert [text[hit.start : hit.end] for hit in hits] == ([found] if found else [])


def test_places_hold_where_lower_case_would_be_longer():
    text = "İİİ signed"
    (hit,) = compile_cues([{"id": "r", "cues": ["signed"]}]).find(text)
    assert text[hit.start : hit.end] == "signed"


@pytest.mark.parametrize(
    ("extra", "text", "meets"),
    [
        ({"requires": ["boat*"]}, "They bought two boats.", True),
        ({"requires": ["boat*"]}, "They bought bread. The boats sank.", False),
        ({"requires": ["boat*"], "window": 2}, "They bought one two three boats.", False),
        ({"requires": ["boat*"], "side": "before"}, "They bought boats.", False),
        ({"requires": ["boat*"], "side": "before"}, "Boats were bought.", True),
        ({"excludes": ["toy"]}, "They bought a toy.", False),
        ({"excludes": ["dearly bought"]}, "It was dearly bought.", False),
        ({"requires": ["boat*"]}, "Boats of the U.S. navy were bought by Mr. Ruiz.", True),
    ],
)
def test_words_near_by(extra, text, meets):
    assert bool(compile_cues([{"id": "r", "cues": ["bought"], **extra}]).find(text)) is meets


@pytest.mark.parametrize("table", ["event_rules", "modality", "speech", "frames"])
def test_one_pass_finds_what_a_search_for_each_cue_finds(book, table):
    rows = getattr(book, table)
    text = " ".join(one for cell in [*rows["examples_yes"], *rows["examples_no"]] for one in cell)
    bare = [{"id": key, "cues": list(row["cues"])} for key, row in rows.to_dict("index").items()]
    low, slow = fold(text), set()
    for rule in bare:
        for cue in rule["cues"]:
            pattern, place = re.compile(to_regex(cue)), 0
            while match := pattern.search(low, place):
                slow.add((match.start(), match.end(), rule["id"], cue))
                place = match.start() + 1
    assert {tuple(hit) for hit in compile_cues(bare).find(text)} == slow


@pytest.mark.parametrize("pattern", [r"(\w+)+x", r"(?:a*b?)*c", r"(.+\s*)+$", r"(a)\1"])
def test_a_pattern_that_could_hang_is_refused(pattern):
    assert danger(pattern)


def test_gaps_and_brackets_are_checked():
    for cue in ("... would", "a ... b ... c ... d", "(one|two", " "):
        with pytest.raises(ValueError):
            to_regex(cue)


# ---- what is refused, with its line and its remedy

RULE = """rules:
  - id: toot
    type: SANCTION
    actor: subject
    cues: [tooted]
    examples_yes: [The ferry tooted.]
    examples_no: [The ferry sank.]
"""


TERM = "X,E,person,NOR,x,premier,2020,2022,,\n"


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        ("event_rules_yaml", RULE.replace("SANCTION", "SANCTIN"), 2, "did you mean 'SANCTION'?"),
        ("event_rules_yaml", RULE.replace("[tooted]", "[hooted]"), 2, "misses 'The ferry tooted.'"),
        ("event_rules_yaml", RULE.replace("[tooted]", "[ferry]"), 2, "wrongly meets 'The ferry sank.'"),
        ("event_rules_yaml", RULE.replace("    examples_no: [The ferry sank.]\n", ""), 2, "'examples_no' is missing"),
        ("event_rules_yaml", RULE.replace("[tooted]", "['re:(t+o*)+t']"), 2, "a repetition inside a repetition"),
        ("event_rules_yaml", RULE.replace("[tooted]", "['re:(toot']"), 2, "is broken"),
        ("event_rules_yaml", RULE.replace("[tooted]", "[toot (a|b]"), 2, "do not pair"),
        ("event_rules_yaml", RULE.replace("[tooted]", "[\"re:\\btooted\"]"), 2, "between single quotes"),
        ("event_rules_yaml", RULE.replace("[tooted]", '["toot(ed)? at"]'), 2, "write the choices out"),
        ("event_rules_yaml", RULE.replace("actor: subject", "actor: sbject"), 2, "did you mean 'subject'?"),
        ("event_rules_yaml", RULE.replace("cues:", "cue:"), 2, "did you mean 'cues'?"),
        ("event_rules_yaml", RULE.replace("[tooted]", "tooted"), 2, "must be a list"),
        ("event_rules_yaml", RULE + "    window: few\n", 2, "must be a number"),
        ("event_rules_yaml", RULE + RULE.removeprefix("rules:\n"), 8, "stands twice"),
        ("event_rules_yaml", RULE + "    type: AID\n", 8, "the key 'type' stands twice"),
        ("event_rules_yaml", RULE.replace("[tooted]", "!!python/name:os.system"), 5, "is not allowed"),
        ("event_rules_yaml", "rules: &x\n  - *x\n", 2, "an alias"),
        ("event_rules_yaml", "rules:\n  - id: [\n", 3, "not valid YAML"),
        ("event_rules_yaml", "rules: " + "[" * 40 + "]" * 40, 1, "nested"),
        ("event_rules_yaml", "- id: x\n", 1, "named fields at its top"),
        ("event_rules_yaml", b"rules: \xff\xfe", 1, "not UTF-8"),
        ("event_rules_yaml", "rules: []\n#" + "x" * 1_000_001, 1, "larger than"),
        ("frames_yaml", "entries:\n  - code: x\n", 2, "'definition' is missing"),
        ("overrides_yaml", "frames:\n  legal_contractul:\n    add_cues: [x]\n", 3, "did you mean 'legal_contractual'?"),
        ("overrides_yaml", "frame:\n  x:\n    add_cues: [x]\n", 2, "did you mean 'frames'?"),
        ("overrides_yaml", "frames:\n  moral_blame:\n    add_cue: [x]\n", 3, "did you mean 'add_cues'?"),
        ("actors_csv", ACTORS + "X,Ex,persn,,x,,,,,\n", 2, "did you mean 'person'?"),
        ("actors_csv", ACTORS + "X,Ex,state,XXX,x,,,,,\n", 2, "not an ISO 3166"),
        ("actors_csv", ACTORS + "X,Ex,state,,x,,,,red,\n", 2, "#RRGGBB"),
        ("actors_csv", ACTORS + "X,Ex,state,,x,,,,#FFFF00,\n", 2, "too pale"),
        ("actors_csv", ACTORS + "X,Ex,person,NOR,x,premier,2021-13,,,\n", 2, "valid_from is no date"),
        ("actors_csv", ACTORS + "X,Ex,person,NOR,x,premier,2022,2021,,\n", 2, "later than valid_to"),
        ("actors_csv", ACTORS + TERM + TERM.replace("X,E", "Y,F").replace("2020", "2021"), 3, "X still holds"),
        ("actors_csv", ACTORS + "X,E,person,NOR,x,,,,,\nX,E,person,NOR,x,,,,,\n", 3, "on line 2 already"),
        ("actors_csv", ACTORS + "X,Ex,state\n", 2, "3 cells"),
        ("actors_csv", ACTORS.replace("kind", "sort") + "X,Ex,state,,x,,,,,\n", 1, "the column 'kind' is missing"),
        ("actors_csv", ACTORS + '"X,Ex\n', 2, "quotation mark"),
        ("actors_csv", ACTORS + "a b,Ex,state,,x,,,,,\n", 2, "may hold only letters"),
        ("aliases_csv", ALIASES + "Oslo,NORR,word,name,,\n", 2, "did you mean 'NOR'?"),
        ("aliases_csv", ALIASES + "Oslo,NOR,wrd,name,,\n", 2, "did you mean 'word'?"),
        ("aliases_csv", ALIASES + "Bay,NOR,word,name,,\nBay,SWE,word,name,,\n", 3, "means NOR on line 2"),
        ("aliases_csv", ALIASES + "Bay,NOR,word,name,,\nBay,NOR,word,name,,\n", 3, "delete one of the two"),
        ("items_csv", "item,aliases,note\nbuoy,float,\nferry,float,\n", 3, "'float' stands on line 2"),
    ],
)
def test_a_fault_is_named_with_its_file_line_and_remedy(case, name, text, line, said):
    problems = case(**{name: text})
    shown = f"made/codebook/{name.replace('_yaml', '.yaml').replace('_csv', '.csv')}:{line}: "
    assert [p for p in problems if p.startswith(shown) and said in p and "To mend it: " in p], problems


def test_all_faults_are_told_at_once_and_nothing_is_loaded(case):
    problems = case(event_rules_yaml=RULE.replace("SANCTION", "SANCTIN"), actors_csv=ACTORS + "X,Ex,persn,,x,,,,red,\n")
    assert len(problems) == 3
    with pytest.raises(CodebookError, match="SANCTIN"):
        load_codebook(case.folder)


def test_an_example_that_a_rule_no_longer_meets_is_told(tmp_path):
    folder = tmp_path / "made" / "codebook"
    folder.mkdir(parents=True)
    text = (HERE / "modality.yaml").read_text(encoding="utf-8")
    assert "[never]" in text
    (folder / "modality.yaml").write_text(text.replace("cues: [never]", "cues: [nevermore]"), encoding="utf-8")
    assert [(problem.rule, "misses" in problem.message) for problem in check(folder)] == [("never", True)]


def test_a_case_may_lengthen_replace_and_add(case):
    override = "frames:\n  moral_blame:\n    add_cues: [shameless]\n    label: blame\n"
    assert case(overrides_yaml=override, event_rules_yaml=RULE) == []
    book, general = load_codebook(case.folder), load_codebook(None)
    assert book.frames.loc["moral_blame", "cues"] == (*general.frames.loc["moral_blame", "cues"], "shameless")
    assert book.frames.loc["moral_blame", "label"] == "blame"
    assert len(book.event_rules) == len(general.event_rules) + 1
    assert book.cues("event_rules").matches("The ferry tooted.") == {"toot"}


def test_words_that_yaml_would_take_for_truth_stay_words(case):
    rule = RULE.replace("[tooted]", "[no, on]").replace("The ferry tooted.", "No ferry.")
    assert case(event_rules_yaml=rule) == []
    assert load_codebook(case.folder).event_rules.loc["toot", "cues"] == ("no", "on")


def test_version_follows_the_content_but_not_the_line_ends(case):
    case(event_rules_yaml=RULE)
    first = load_codebook(case.folder).version
    case(event_rules_yaml=RULE.replace("\n", "\r\n"))
    assert load_codebook(case.folder).version == first
    case(event_rules_yaml=RULE + "# a word more\n")
    assert load_codebook(case.folder).version != first


# ---- pages


def test_the_page_shows_every_code_and_runs_nothing():
    book = load_codebook(RAW / "s400")
    html = page(book, "A <b>case</b>")
    for table in ("types", "stages", "tracks", "statuses", "frames", "roles"):
        for code in getattr(book, table).index:
            assert html.count(f'id="{table}-{code}"') == 1 and f'href="#{table}-{code}"' in html
    assert "<script" not in html and "src=" not in html and "http-equiv" in html
    assert "A &lt;b&gt;case&lt;/b&gt;" in html and "<b>case" not in html
    assert html.count("<header") == 1 and '<header class="site">' in html and pages.style() in html
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(re.findall(r'id="([^"]+)"', html))


def test_what_a_scholar_writes_is_escaped(case):
    case(overrides_yaml="frames:\n  moral_blame:\n    definition: <img src=x onerror=alert(1)> {{ 7 * 7 }}\n")
    html = page(load_codebook(case.folder))
    assert "<img" not in html and "&lt;img" in html and "{{ 7 * 7 }}" in html


def test_the_general_files_are_in_the_package():
    assert {"events.yaml", "page.html.j2", "countries.csv"} <= {path.name for path in HERE.iterdir()}


def test_a_folder_without_a_codebook_gets_the_general_part(tmp_path, book):
    shutil.rmtree(tmp_path / "none", ignore_errors=True)
    assert load_codebook(tmp_path / "none").version == book.version


def test_what_is_left_out_by_the_next_word_could_not_have_matched():
    cues = ["gave back", "(gave|handed) ... back to", "took ... part", "(took part|held) in ... (talks|a meeting)",
            "call* for", "(call|calls) ... early election*", "sign*", "re-open* the", "held-up", "(cut|cuts) off",
            "gave (up|in)", "pre-(war|cold war) deal", "they won't"]
    text = ("They gave back the boat, handed it, twice, back to Norvia's navy and took no great part; he took part in "
            "the peace talks. Calls for early elections: she calls now for an early election. Held-up mail re-opened "
            "the case, re–open the port! Signed. They cut off gas, gave in and gave up. Gave. Back "
            "to the pre-cold war deal: they wonʼt go")
    found = compile_cues([{"id": str(n), "cues": [cue]} for n, cue in enumerate(cues)]).find(text)
    low = fold(text)
    tried = {(m.start(), m.end(), cue) for cue in cues for word in re.finditer(r"\w+", low)
             if (m := re.compile(to_regex(cue)).match(low, word.start()))}
    assert {(hit.start, hit.end, hit.cue) for hit in found} == tried and len(tried) >= len(cues)


def test_leaders_of_a_case_are_checked_with_their_dates(tmp_path):
    (tmp_path / "codebook").mkdir()
    (tmp_path / "codebook" / "leaders.csv").write_text(
        "country,name,other_names,called,alone,office,valid_from,valid_to\n"
        "PER,Ana Lind,,,maybe,president,2010-13,\nPRU,Bo Vell,,,,president,2015,2012\n"
        "PER,Olav Moll,,,,president,2010,2015-06\nCHL,Olav Moll,,,,president,2015-02,\n", encoding="utf-8")
    found = [str(p).split("leaders.csv:")[1] for p in check(tmp_path) if "leaders.csv" in p.file]
    assert [line[:60].split(". To")[0] for line in found] == [
        "2: Ana Lind: alone cannot be 'maybe'", "2: Ana Lind: valid_from is no date: '2010-13'",
        "3: Bo Vell: nobody has the code 'PRU'", "3: Bo Vell: valid_from is later than valid_to",
        "5: Olav Moll: the dates run over those on line 4"]


def test_an_empty_cell_of_the_aliases_has_a_meaning(case):
    row = "NOR,Norway,state,NOR,Norway,,,,,\n"
    assert case(actors_csv=ACTORS + row, aliases_csv=ALIASES + "the Fjordlanders,NOR,,,,\n") == []
    assert case(actors_csv=ACTORS + row, aliases_csv="alias,actor_id\nthe Fjordlanders,NOR\n") == []
    known = load_codebook(case.folder).aliases.set_index("alias").loc["the Fjordlanders"]
    assert known[["match", "form"]].tolist() == ["word", "name"]
    said, *_ = case(actors_csv=ACTORS + row, aliases_csv="alias,form\nthe Fjordlanders,name\n")
    assert "the column 'actor_id' is missing" in said


def test_an_actor_without_a_colour_is_drawn_as_its_state_or_bloc_is(case):
    rows = ["NOR,Norway,state,NOR,Norway,,,,#0072B2,", "SWE,Sweden,state,SWE,Union,,,,#D55E00,",
            "NOR.holm,Ada Holm,person,NOR,Norway,,,,,", "ivo-brandt,Ivo Brandt,person,SWE,Union,,,,,",
            "FIN,Finland,state,FIN,Union,,,,,", "MED.post,Post,medium,NOR,other,,,,,", "XYZ,the Pier,group,,Pier,,,,,"]
    assert case(actors_csv=ACTORS + "\n".join(rows) + "\n") == []
    shades = load_codebook(case.folder).actors.set_index("actor_id")["colour"]
    assert shades[["NOR.holm", "ivo-brandt", "FIN", "MED.post", "XYZ"]].tolist() == [
        "#0072B2", "#D55E00", "#D55E00", "#6B6B6B", "#6B6B6B"]
