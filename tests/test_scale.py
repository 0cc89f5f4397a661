"""Builds in chunks: the same tables on Dask as in one process, resumed, with workers killed, and read by predicate."""
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
from threading import Thread

import pandas as pd
import pytest

from helpers import cli, compare, pipeline, scale, tables
from helpers.case import CaseError, open_case
from helpers.compare import accounts, linking
from helpers.scale import building, cluster

pytest.importorskip("distributed")
N = 32
FILE = "elsin-wire.txt"


@pytest.fixture(scope="module")
def generator(project):
    """The maker of generated cases that the benchmark uses."""
    spec = importlib.util.spec_from_file_location("benchmark_scale", project / "benchmarks" / "scale.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def texts(generator, tmp_path_factory):
    """A data folder with a generated case, never built."""
    data = tmp_path_factory.mktemp("made")
    generator.write_case(data, N, sentences=7)
    return data


@pytest.fixture(scope="module")
def client():
    with cluster.crew(workers=2) as client:
        yield client


@pytest.fixture
def small(monkeypatch):
    """Chunks of about eight texts."""
    monkeypatch.setattr(building, "CHUNK", 8)


@pytest.fixture
def parquet(small, monkeypatch):
    """A case of twenty texts counts as large."""
    monkeypatch.setattr(building, "LIMIT", 20)


@pytest.fixture
def many(texts, tmp_path):
    shutil.copytree(texts / "raw", tmp_path / "data" / "raw")
    return open_case("many", tmp_path / "data")


@pytest.fixture
def practice(project, tmp_path):
    shutil.copytree(project / "data" / "raw" / "practice", tmp_path / "data" / "raw" / "practice")
    return open_case("practice", tmp_path / "data")


@pytest.fixture(scope="module")
def whole(texts, tmp_path_factory):
    """The tables of the generated case as the plain build makes them."""
    data = tmp_path_factory.mktemp("plain")
    shutil.copytree(texts / "raw", data / "raw")
    case = open_case("many", data)
    pipeline.build(case)
    return case


@pytest.fixture(scope="module")
def kept(texts, tmp_path_factory, client):
    """The generated case built as a large one, on Dask."""
    data = tmp_path_factory.mktemp("kept")
    shutil.copytree(texts / "raw", data / "raw")
    case = open_case("many", data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "CHUNK", 8)
        patch.setattr(building, "LIMIT", 20)
        scale.build(case, client)
    return case


def contents(case):
    return {p.name: p.read_bytes() for p in sorted(case.processed.glob("*.*")) if p.is_file() and p.name[0] != "."}


def again(case):
    return open_case(case.name, case.data)


def counted(monkeypatch):
    """The documents of each chunk that is read from now on."""
    read, make = [], building.make_part
    monkeypatch.setattr(building, "make_part", lambda case, *rest: (read.append(tuple(case.choose())),
                                                                    make(case, *rest))[1])
    return read


def same(case, plain):
    """Every table of a large case has the rows of the plain build's CSV."""
    for path in plain.processed.glob("*.csv"):
        assert tables.to_csv(again(case).load(path.stem)) == path.read_bytes(), path.name


# the same tables ----------------------------------------------------------------------------------------------------


def test_dask_writes_the_same_bytes_as_a_plain_build(practice, client, project):
    scale.build(practice, client)
    chunked = contents(practice)
    shutil.rmtree(practice.processed)
    pipeline.build(again(practice))
    assert chunked == contents(practice) and len(chunked) > 15


def test_a_large_case_keeps_the_same_rows_in_parquet(kept, whole):
    same(kept, whole)
    assert len(kept.load("documents")) == N and not list(kept.processed.glob("*.csv"))
    assert len(tables.parquet_parts(kept.processed, "lines")) > 2
    assert len(kept.load("reuse")) > 0


def test_texts_that_are_not_here_keep_their_rows(many, whole, parquet):
    scale.build(many)
    for path in list(many.raw.glob("t*.txt"))[::3]:
        path.unlink()
    scale.build(again(many))
    same(many, whole)


def test_a_large_case_with_labels_has_both_layers(practice, tmp_path, monkeypatch):
    pipeline.build(practice)
    plain = open_case("practice", shutil.copytree(practice.data, tmp_path / "plain"))
    monkeypatch.setattr(building, "LIMIT", 5)
    monkeypatch.setattr(building, "CHUNK", 4)
    scale.build(again(practice))
    assert set(again(practice).load("events")["layer"]) == {"adjudicated", "machine"}
    same(practice, plain)


def test_a_case_that_grows_or_shrinks_has_one_kind_of_table(many, whole, small, monkeypatch):
    scale.build(many)
    assert contents(many) == contents(whole)
    monkeypatch.setattr(building, "LIMIT", 20)
    scale.build(again(many))
    assert set(contents(many)) == {"datapackage.json"}
    same(many, whole)
    monkeypatch.setattr(building, "LIMIT", 500)
    scale.build(again(many))
    assert contents(many) == contents(whole)


# resuming and failing -----------------------------------------------------------------------------------------------


def test_a_stopped_build_goes_on_where_it_was(many, whole, parquet, monkeypatch):
    make, n = building.make_part, []

    def stop(case, *rest):
        n.append(case)
        if len(n) > 2:
            raise KeyboardInterrupt
        return make(case, *rest)
    with monkeypatch.context() as patch:
        patch.setattr(building, "make_part", stop)
        with pytest.raises(KeyboardInterrupt):
            scale.build(many)
    assert not many.has("documents")
    read = counted(monkeypatch)
    scale.build(again(many))
    assert {d for c in read for d in c} == set(many.choose()) - {d for c in n[:2] for d in c.choose()}
    same(many, whole)


def test_only_what_changed_is_read_again(many, small, monkeypatch):
    scale.build(many)
    read = counted(monkeypatch)
    scale.build(again(many))
    assert read == []
    path, manifest = many.raw / "t000007.txt", many.raw / "documents.csv"
    old = path.read_bytes()
    path.write_bytes(old + b"\n\nPelmora agreed to talks.\n")
    before, after = (hashlib.sha256(content).hexdigest() for content in (old, path.read_bytes()))
    manifest.write_text(manifest.read_text().replace(before, after))
    scale.build(again(many))
    assert len(read) == 1 and "t000007" in read[0]
    read.clear()
    (many.raw / "codebook" / "items.csv").write_bytes((many.raw / "codebook" / "items.csv").read_bytes() + b"\n")
    scale.build(again(many))
    assert sorted(d for c in read for d in c) == sorted(many.choose())
    read.clear()
    monkeypatch.setattr(building, "code_digest", lambda: "another rule")
    scale.build(again(many))
    assert sorted(d for c in read for d in c) == sorted(many.choose())


def test_code_that_only_shows_is_no_ingredient_of_a_part():
    code = "import helpers.pipeline, sys; print(*(m for m in sys.modules if m.startswith('helpers.')))"
    used = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    left_out = {place.removesuffix(".py") for place in cluster.SHOWING}
    assert "helpers.dates" in used and not {m.split(".")[1] for m in used} & left_out


def test_a_worker_that_is_killed_costs_nothing_but_time(many, client, whole, parquet):
    killed = []

    def kill(n, word):
        if n and not killed and not all(map(building.made, targets)):
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)
    targets = [job[2] for job in building._parts(many, building._digests(many, None))]
    rows = scale.build(many, client, progress=kill)
    assert killed and killed[0] not in client.run(os.getpid).values()
    assert rows["failures"] == 0
    same(many, whole)


def test_a_bad_text_is_a_row_of_failures(practice, client):
    path, manifest = practice.raw / FILE, practice.raw / "documents.csv"
    old = path.read_bytes()
    path.write_bytes(b"\x00\x01\x02\xff" * 400)
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(
        *(hashlib.sha256(p).hexdigest() for p in (old, path.read_bytes()))), encoding="utf-8", newline="")
    rows = scale.build(again(practice), client)
    failure, = again(practice).load("failures").to_dict("records")
    assert FILE in failure["problem"] and str(practice.data) not in failure["problem"]
    assert rows["documents"] == len(practice.manifest)


def test_a_text_that_ends_its_worker_is_a_row_of_failures(many, whole, small, monkeypatch):
    def each(client, function, jobs):
        for job in jobs:
            deadly = function is building.make_part and "t000011" in job[0].choose()
            yield job, building.WorkerLost("killed") if deadly else function(*job)
    with monkeypatch.context() as patch:
        patch.setattr(building, "each", each)
        scale.build(many)
    failure, = again(many).load("failures").to_dict("records")
    assert failure["doc_id"] == "t000011" and "ended" in failure["problem"]
    told = again(many).load("sentences")
    assert tables.to_csv(told) == tables.to_csv(whole.load("sentences").query("doc_id != 't000011'"))
    read = counted(monkeypatch)         # and the next build tries that chunk again
    scale.build(again(many))
    assert len(read) == 1 and "t000011" in read[0] and contents(many) == contents(whole)


def test_workers_that_see_other_texts_are_told(many, small):
    jobs = building._parts(many, building._digests(many, None))
    (many.raw / "t000003.txt").unlink()
    job = next(job for job in jobs if "t000003" in job[1])
    with pytest.raises(tables.TableError, match="t000003.txt: this text is another one .* or is not seen here"):
        building.make_part(again(many).part(job[1]), *job[1:])


def test_two_builds_of_a_case_do_not_mix(many, small):
    with building._alone(many.processed / tables.PARTS):
        with pytest.raises(tables.TableError, match="another build of this case is at work"):
            scale.build(many)


# clusters -----------------------------------------------------------------------------------------------------------


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def elsewhere(tmp_path):
    """A scheduler and a worker that have the packages and not the casebook; its address."""
    places = [p for p in sys.path if p.endswith("site-packages")]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"PYTHONPATH": os.pathsep.join(places)}
    address = f"tcp://127.0.0.1:{free_port()}"
    begin = [sys.executable, "-S", "-m", "distributed.cli.dask_scheduler"], [
        sys.executable, "-S", "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1",
        "--no-dashboard", "--local-directory", str(tmp_path / "worker")]
    begin[0].extend(["--host", "127.0.0.1", "--port", address.rsplit(":")[-1], "--no-dashboard", "--no-show"])
    running = [subprocess.Popen(words, env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL) for words in begin]
    yield address
    for process in running:
        process.kill()
        process.wait()


def test_workers_without_the_casebook_are_sent_it(elsewhere, practice, capsys, monkeypatch):
    from distributed import Client

    def known():
        import importlib.util
        return importlib.util.find_spec("helpers") is not None
    with Client(elsewhere, timeout=60, set_as_default=False) as before:
        before.wait_for_workers(1, timeout=60)
        assert before.run(known) == dict.fromkeys(before.nthreads(), False)
    assert cli.main(["build", "practice", "--scheduler", elsewhere, "--data", str(practice.data)]) == 0
    chunked = contents(practice)
    shutil.rmtree(practice.processed)
    assert cli.main(["build", "practice", "--data", str(practice.data)]) == 0
    assert chunked == contents(practice)


@pytest.mark.parametrize("address", ["nowhere", "tcp://127.0.0.1", "http://127.0.0.1:80", "tcp://127.0.0.1:seven"])
def test_what_is_no_address_is_said(address):
    with pytest.raises(scale.ClusterError, match="no scheduler's address. It looks like tcp://"):
        with scale.crew(address):
            pass


def test_nobody_at_the_address_is_said(practice, capsys):
    address = f"tcp://127.0.0.1:{free_port()}"
    assert cli.main(["build", "practice", "--scheduler", address, "--data", str(practice.data)]) == 1
    assert f"No scheduler answers at {address}" in capsys.readouterr().err
    assert cli.main(["build", "practice", "--scheduler", address, "--workers", "2"]) == 2


@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-OpenSSH_9.6\r\n"])
def test_what_is_no_scheduler_is_said(monkeypatch, greeting):
    monkeypatch.setattr(cluster, "REACH", 1)
    with socket.create_server(("127.0.0.1", 0)) as other:
        Thread(target=lambda: other.accept()[0].send(greeting), daemon=True).start()
        with pytest.raises(scale.ClusterError, match="is no Dask scheduler. Start one with"):
            with scale.crew(f"tcp://127.0.0.1:{other.getsockname()[1]}"):
                pass


@pytest.mark.parametrize("module", ["distributed", "pyarrow.dataset"])
def test_without_the_extra_the_remedy_is_named(module, practice, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, module, None)
    assert cli.main(["build", "practice", "--workers", "1", "--data", str(practice.data)]) == 1
    assert 'pip install dask distributed pyarrow' in capsys.readouterr().err
    assert cli.main(["build", "practice", "--data", str(practice.data)]) == 0


class Versions:
    """A client whose one worker has other packages."""

    def __init__(self, python="", **packages):
        own = dict.fromkeys(cluster.NEEDED, "1.0")
        here = f"{sys.version_info.major}.{sys.version_info.minor}.1.final.0"
        self.found = {"client": {"host": {"python": here}, "packages": own}, "workers": {"tcp://192.0.2.7:1": {
            "host": {"python": python or here}, "packages": own | packages}}}

    def get_versions(self, packages):
        return self.found


def test_other_versions_on_a_worker_are_said():
    said = []
    cluster._look(Versions(), said.append)
    assert said == []
    cluster._look(Versions(pandas="2.0"), said.append)
    assert said == ["Versions differ: pandas is 2.0 on a worker and 1.0 here; the tables may differ from those of a "
                    "build on this computer."]
    with pytest.raises(scale.ClusterError, match="lacks syntok"):
        cluster._look(Versions(syntok=None), said.append)
    with pytest.raises(scale.ClusterError, match="runs Python 3.9, this computer"):
        cluster._look(Versions(python="3.9.2.final.0"), said.append)


# reading a large case -----------------------------------------------------------------------------------------------


def test_rows_and_columns_are_read_by_predicate(kept, whole):
    docs = kept.choose()[5:9]
    for case in kept, whole:
        some = case.load("sentences", ["sentence_id", "doc_id"], {"doc_id": docs, "section": "body"})
        every = whole.load("sentences")
        wanted = every[every["doc_id"].isin(docs) & every["section"].eq("body")]
        assert some.columns.tolist() == ["sentence_id", "doc_id"]
        assert some["sentence_id"].tolist() == wanted["sentence_id"].tolist()
        span = case.load("times", where={"earliest": slice("2018-01-01", "2018-12-31")})["earliest"]
        times = whole.load("times")["earliest"]
        assert len(span) == times.between("2018-01-01", "2018-12-31").sum() > 0
        with pytest.raises(tables.TableError, match="no column 'sectoin'; did you mean 'section'"):
            case.load("sentences", ["sectoin"])


def test_a_notebook_opens_a_sample_and_the_counts_of_all(kept, whole, parquet, capsys):
    part = scale.view(kept)
    told = capsys.readouterr().out
    assert f"This case has {N} texts" in told and f"{scale.SAMPLE} of them, evenly spaced in time" in told
    assert len(part.manifest) == scale.SAMPLE == part.load("documents")["doc_id"].nunique()
    assert set(part.load("event_mentions")["doc_id"]) <= set(part.choose())
    linked = set(whole.load("event_mentions").query("doc_id in @part.manifest.doc_id")["event_id"])
    assert set(part.load("events")["event_id"]) == linked
    with pytest.raises(CaseError, match="not of all"):
        part.save({"documents": part.load("documents")})
    assert scale.view(kept, ["t000001"]).choose() == ["t000001"]


def test_pages_and_brief_of_a_large_case_open_its_sample(kept, parquet, monkeypatch, tmp_path):
    from helpers.pages import brief, findings, run
    seen = []
    monkeypatch.setattr(run, "_run_all", lambda runs, *rest: seen.extend(runs) or [])
    run.render(["many"], ["03"], data=kept.data, out=tmp_path)
    run.render(["many"], ["03"], {"documents": ["t000001", "t000002"]}, data=kept.data, out=tmp_path)
    assert [len(r.case.manifest) for r in seen] == [scale.SAMPLE, 2] and not any(r.save for r in seen)
    assert "The 24 texts of this case that are looked at are here" in seen[0].case.state()
    assert "24 saved texts, a sample of the case, were cleaned" in brief.method(findings.Desk(seen[0].case))
    assert scale.shown(kept, ["t000003"]).choose() == ["t000003"]
    monkeypatch.setattr(building, "LIMIT", N)
    assert scale.shown(kept) is kept


def test_counts_by_month_are_those_of_the_rows(kept, whole):
    for what, code in building.MONTHS.items():
        found = scale.aggregate(kept, what)
        pd.testing.assert_frame_equal(found, scale.aggregate(whole, what))
        rows = whole.load(what)
        assert found["n"].sum() == len(rows)
        by_code = found[found["code"] != ""].groupby("code")["n"].sum()
        assert by_code.to_dict() == rows[code].value_counts().to_dict()
    texts = scale.aggregate(kept).drop_duplicates("month")["texts"]
    assert texts.sum() == N


# nothing compares all with all --------------------------------------------------------------------------------------


def spread_out(n):
    """Mentions of one step in one matter on days that lie apart."""
    days = [d.date().isoformat() for d in pd.date_range("1960-01-01", periods=n, freq="9D")]
    same = {"event_key": "a-b", "stage": "talks", "status": "happened", "granularity": "day", "basis": "explicit",
            "label": "talks", "track": "negotiation", "actor_id": "A", "target_id": "B", "speaker": None}
    return pd.DataFrame({"event_mention_id": [f"m{k}" for k in range(n)], "doc_id": [f"d{k}" for k in range(n)],
                         "trigger_start": 0, "earliest": days, "latest": days} | same)


def test_linking_compares_few_pairs_however_many_there_are(monkeypatch):
    met, overlap = [], linking._overlap
    monkeypatch.setattr(linking, "_overlap", lambda *pair: met.append(pair) or overlap(*pair))
    took = []
    for n in (100, 200, 400):
        met.clear()
        events, _ = compare.link(spread_out(n), layer="machine")
        took.append(len(met))
        assert len(events) == n
    assert took[2] - took[1] <= 2.2 * (took[1] - took[0]) and took[2] < 8 * 400


def test_texts_are_compared_only_where_they_share_a_run(monkeypatch):
    words = [f"w{k}" for k in range(4000)]
    texts = {f"d{k:03}": " ".join(words[20 * k:20 * k + 30]) for k in range(100)}
    spans = pd.DataFrame({"doc_id": list(texts), "start": 0, "end": [len(t) for t in texts.values()]})
    met, runs = [], accounts._runs
    monkeypatch.setattr(accounts, "_runs", lambda *given: met.append(given) or runs(*given))
    found = accounts.reuse(texts, spans)
    assert len(met) == len(found) == 99 and set(found["n_words"]) == {10}
    met.clear()
    formula = {doc: text + " all rights to this wreck are reserved for good" for doc, text in texts.items()}
    spans["end"] = [len(t) for t in formula.values()]
    accounts.reuse(formula, spans)
    assert len(met) < 2 * len(texts)
