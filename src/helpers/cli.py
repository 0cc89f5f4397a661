"""The command ``casebook``: thin calls of what the notebooks call too.

Exit codes: 0 done; 1 the work failed; 2 the call was wrong. An error is told in plain words; CASEBOOK_DEBUG=1 shows
where in the code it arose.
"""
from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpers import __version__, default_data

if TYPE_CHECKING:       # pandas and the coders are imported by the commands that need them
    from helpers.case import Case

REFUSED = 10        # refused files that are named; of more, it is said how many
FOLDER = click.Path(path_type=Path, file_okay=False)
data_option = click.option("--data", type=FOLDER, metavar="DIR", help="The data folder. Default: the project's own "
                           "data/, or the one that CASEBOOK_DATA names.")

quotes_option = click.option("--quotes", type=click.Choice(["none", "short"]), default="none", show_default=True,
                             help="Whether passages of the case's texts may stand on the pages: none, or short ones of "
                             "at most 25 words. Texts that are free to show (invented, or by their licence) stand.")


class WorkFailed(click.ClickException):
    """The call was right, the work did not succeed."""
    exit_code = 1


def _open(name: str, data: Path | None) -> Case:
    """Open a case; a name that is not a case's is a wrong call, a case that cannot be read is failed work."""
    from helpers import case as cases
    data = _data(data)
    try:
        return cases.open_case(name, data)
    except cases.CaseError as error:
        raise (WorkFailed if name in cases.list_cases(data) else click.UsageError)(str(error)) from error


def _data(data: Path | None) -> Path:
    data = data or default_data()
    if not (data / "raw").is_dir():
        raise click.UsageError(f"{data} is not a data folder: it has no folder raw/ with a folder for each case. "
                               "Name the right one with --data DIR.")
    return data.resolve()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
             epilog="Begin with `casebook doctor`, then `casebook render practice`. "
                    "`casebook COMMAND --help` explains each command with examples.")
@click.version_option(__version__, message="casebook %(version)s")
def cli() -> None:
    """Turn a folder of saved news texts about one dispute into tables, charts and pages.

    A case is a folder below data/raw/ with a manifest (documents.csv), its texts, and what was coded from them.
    """


@cli.command()
@click.argument("case")
@click.option("--from", "folder", required=True, type=FOLDER, metavar="FOLDER", help="The folder with the saved texts.")
@data_option
def texts(case: str, folder: Path, data: Path | None) -> None:
    """Put the texts of a known case in place.

    Each file of FOLDER is matched with the manifest by its content (SHA-256), whatever it is called. A file that
    matches nothing is refused, the first ten by name; the others still go in.

    \b
    Examples:
      casebook texts practice --from ~/Downloads/texts
    """
    from helpers import case as cases
    opened = _open(case, data)
    if not folder.is_dir():
        raise click.UsageError(f"There is no folder {folder}. Give the folder that holds the saved texts.")
    placed = cases.place_texts(opened, folder)
    refused = placed["outcome"].str.startswith("refused")
    for file, doc_id, outcome in placed[~refused | refused.cumsum().le(REFUSED)].itertuples(index=False):
        click.echo(f"{file}: {outcome}" + (f" as {doc_id}" if isinstance(doc_id, str) and outcome == "placed" else ""))
    if (more := int(refused.sum()) - REFUSED) > 0:
        click.echo(f"… and {more} more file{'s' if more > 1 else ''} refused in the same way")
    if refused.any():
        click.echo("A refused file is another version of a text or none of this case's: save the page again as it was, "
                   "or leave it out.", err=True)
    fits = placed["doc_id"].notna() & placed["outcome"].ne("missing")
    unread = placed["outcome"].str.contains(", but not read: ", regex=False)
    if not fits.any():
        click.echo(f"No file in {folder} is a text of the case '{case}'. Is it the right folder?", err=True)
    click.echo(opened.state())
    if not fits.any() or unread.any() or not opened.has_texts:
        sys.exit(1)


@cli.command()
@click.argument("case")
@click.option("--from", "folder", required=True, type=FOLDER, metavar="FOLDER", help="The folder with your texts.")
@click.option("--title", default="", metavar="WORDS", help="What the case is called on pages. Default: CASE.")
@click.option("--text-column", default="", metavar="NAME", help="In .csv and .jsonl files, the column of the texts. "
              "Default: the first called text, body, content, article …")
@data_option
def new(case: str, folder: Path, title: str, text_column: str, data: Path | None) -> None:
    """Make a new case out of a folder of texts.

    FOLDER may hold .txt, .html, .mht, .pdf, .docx, .rtf and .eml files, .csv and .jsonl files with one text a row, and
    exports of Nexis Uni and Factiva (.docx, .rtf, .txt), which are cut into their articles. A manifest is drafted in
    data/raw/CASE/documents.csv; what a person must confirm is listed beside it in to-confirm.md. Nothing that is there
    already is ever written over, and a case is made whole or not at all.

    A file that cannot be read is named and left out, the others still go in, and the exit code is then 1. Of texts that
    are the same, one is kept. A text in another language than English is kept, marked, and left out of the coding.

    \b
    Examples:
      casebook new ports --from ~/Downloads/ports
      casebook new ports --from ~/Downloads/ports --title "Who runs the ports?"
      casebook new ports --from ~/Downloads/ports --text-column Volltext
    """
    from tqdm import tqdm

    from helpers import newcase
    from helpers.case import CaseError
    ((data or default_data()) / "raw").mkdir(parents=True, exist_ok=True)
    data = _data(data)
    try:
        newcase.check_call(case, folder, data)
    except CaseError as error:
        raise click.UsageError(str(error)) from None
    made = newcase.new_case(case, folder, data, title=title, text_column=text_column, progress=lambda items, word: tqdm(
        items, desc=word, unit=" texts", leave=False, disable=not sys.stderr.isatty()))
    for line in made.told():
        click.echo(line)
    for line in made.left_out:
        click.echo(f"left out: {line}", err=True)
    click.echo("\n".join(["Next:", *(f"  {command}" for command in made.next_commands())]))
    if made.left_out:
        sys.exit(1)


@cli.command()
@click.argument("case")
@click.option("--scheduler", default="", metavar="ADDRESS", help="Read the texts on the workers of this Dask "
              "scheduler. They must see the data folder at the same path; the casebook itself is sent to them.")
@click.option("--workers", type=click.IntRange(1, 512), metavar="N",
              help="Read the texts on N processes of this computer.")
@data_option
def build(case: str, scheduler: str, workers: int | None, data: Path | None) -> None:
    """Compute all tables of a case from its texts and write them to data/processed/CASE.

    The tables are written together or not at all. Where texts are not here, the tables computed from them before are
    kept. With --scheduler or --workers, and for a case of more than 500 texts, the texts are read in chunks, and each
    chunk is kept: a build that was stopped goes on where it was. The tables of such a large case are Parquet files.

    \b
    Examples:
      casebook build practice
      casebook build archive --workers 4
      casebook build archive --scheduler tcp://192.0.2.7:8786
    """
    from functools import partial

    from tqdm import tqdm

    from helpers import pipeline, review, scale
    if scheduler and workers:
        raise click.UsageError("--scheduler names a cluster that is there, --workers starts one here: give one.")
    opened = _open(case, data)
    quiet = not sys.stderr.isatty()
    if scheduler or workers or scale.large(opened):
        with scale.crew(scheduler, workers or 0, shared=opened.raw, say=partial(click.echo, err=True)) as crew, \
                tqdm(total=len(opened.manifest), unit="text", leave=False, disable=quiet) as bar:
            def tell(n: int, word: str) -> None:
                bar.set_description(word)
                bar.update(n)
            rows = scale.build(opened, crew, progress=tell)
        made: dict = {name: opened.load(name) for name in ("failures", "decisions") if name in rows}
    else:
        made = pipeline.build(opened, progress=lambda items, word: tqdm(items, desc=word, unit="text", leave=False,
                                                                        disable=quiet))
        rows = {name: len(frame) for name, frame in made.items()}
    for name, n in rows.items():
        click.echo(f"{name}: {n} rows")
    failures = made.get("failures")
    for row in [] if failures is None else failures.head(20).itertuples():
        click.echo(f"failed: {row.doc_id}, {row.stage}: {row.problem}", err=True)
    if failures is not None and len(failures) > 20:
        click.echo(f"… and {len(failures) - 20} more: see the table “failures”.", err=True)
    lost, elsewhere = opened.astray()
    for line in [*elsewhere, *lost]:
        click.echo(line, err=True)
    refused = bool(elsewhere)
    if "decisions" in made:
        for line in review.tell(made["decisions"]):
            click.echo(line, err=True)
        refused |= made["decisions"]["outcome"].eq("refused").any()
    click.echo(str(opened.processed))
    if refused or failures is not None and len(failures):
        sys.exit(1)


@cli.command()
@click.argument("names", metavar="[CASE]...", nargs=-1)
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="A parameter's value for this run. "
              "May be given several times. Pages go to a folder of their own, and no table is written.")
@click.option("--matrix", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="A YAML file with a list of values for each parameter: one run for each combination.")
@click.option("--only", multiple=True, metavar="NOTEBOOK", help="Only this notebook, by number or name. "
              "May be given several times.")
@click.option("--out", type=FOLDER, metavar="DIR", help="Where the pages go. Default: reports/ beside the data folder.")
@click.option("--notebooks", "folder", type=FOLDER, metavar="DIR", help="Where the notebooks are. "
              "Default: the project's notebooks/.")
@click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="How many notebooks may run at once. "
              "Default: as many as the machine has processors, at most 4.")
@click.option("--fresh", is_flag=True, help="Run everything again, what has not changed as well.")
@quotes_option
@click.option("--print", "on_paper", is_flag=True, help="Also make one file of each case for print: print.html, and "
              "print.pdf where Chromium, Chrome, Edge or Brave is installed.")
@click.option("--figures", type=FOLDER, metavar="DIR", help="Also write each figure of one CASE into DIR, named by its "
              "title: SVG, and PNG of 300 dots an inch. Runs everything again.")
@data_option
def render(names, values, matrix, only, out, folder, jobs, fresh, quotes, on_paper, figures, data) -> None:
    """Run the notebooks and make their pages in reports/, beside the data folder.

    Without CASE, all cases are rendered. The last line printed is the page to open. A notebook that fails is kept and
    marked on the index, the others are finished, and the exit code is 1. A notebook is not run again where neither it
    nor the texts, tables, codebooks, code or installed packages have changed; reports/.cache, which remembers that, may
    be deleted at any time.

    \b
    Examples:
      casebook render
      casebook render practice --only 03
      casebook render --fresh
      casebook render practice --print
      casebook render practice --only 03 --figures ~/paper/figures
      casebook render practice --set documents=wire,blog
      casebook render practice --matrix views.yaml

    \b
    where views.yaml holds, for two runs:
      documents: [[first], [first, second]]
    """
    data = _data(data)
    for name in names:
        if not (data / "raw" / name / "documents.csv").is_file():
            _open(name, data)       # says which there are
    chosen = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"--set {value!r} is not of the form name=value, as in --set documents=a,b.")
        if name.strip() in chosen:
            raise click.UsageError(f"--set {name.strip()} is given twice; --matrix makes a run for each value.")
        chosen[name.strip()] = text
    if figures:
        if len(names) != 1 or matrix:       # the figures of two runs may have one title
            raise click.UsageError("--figures takes the figures of one run: casebook render CASE --figures DIR.")
        os.environ["CASEBOOK_FIGURES"] = str(figures.expanduser().resolve())
        fresh = True
    from helpers.pages import render as render_pages
    done = render_pages(names or None, only or None, chosen, matrix=matrix, data=data, out=_reports(out, data),
                        folder=folder, jobs=jobs, fresh=fresh, quotes=quotes,
                        say=lambda line: click.echo(line, err=True))
    if on_paper and not chosen and not matrix:
        from helpers.pages.index import write_index
        from helpers.pages.printing import pages_of, write_print
        root = done.index.parent
        for path in sorted(p.parent for p in root.glob("*/run.json") if not names or p.parent.name in names):
            page, paper, why = write_print(path)
            click.echo(str(paper or page))
            click.echo(f"On paper: {pages_of(paper)}." if paper else why, err=True)
        write_index(root)
    for line in done.failed:
        click.echo(f"failed: {line}", err=True)
    many = f"{done.n_pages} page{'' if done.n_pages == 1 else 's'}"
    click.echo(many + (f", {len(done.failed)} of them failed" if done.failed else ""))
    click.echo(str(done.index))
    if done.failed:
        sys.exit(1)


@cli.command()
@click.argument("case")
@quotes_option
@click.option("--pdf", "on_paper", is_flag=True, help="Also as PDF, through a browser that is installed.")
@click.option("--out", type=FOLDER, metavar="DIR", help="The folder of all pages. Default: reports/ beside the "
              "data folder.")
@data_option
def brief(case, quotes, on_paper, out, data) -> None:
    """Make one self-contained page for a reader without code: reports/CASE/brief.html.

    Its text is data/raw/CASE/brief.md, Markdown in which {{ events }} stands for a number that is computed,
    {{ ^EVENT }} for a footnote that says where a point comes from, and {{ chart chronology }} for a chart. A wrong name
    is told with its line and the names there are. Without such a file a draft is made of the findings, and says so.

    \b
    Examples:
      casebook brief practice
      casebook brief practice --quotes short --pdf
    """
    from helpers.pages.beside import write_brief
    from helpers.pages.printing import pdf
    path = write_brief(_open(case, data), _reports(out, data), quotes=quotes)
    click.echo(str(path))
    if on_paper:
        click.echo(str(pdf(path)))


@cli.command()
@click.argument("case")
@click.option("--without", required=True, metavar="A,B", help="The texts in question, by doc_id.")
@click.option("--layer", type=click.Choice(["adjudicated", "machine"]), default="adjudicated", show_default=True,
              help="Whose codes are compared.")
@click.option("--out", type=FOLDER, metavar="DIR", help="The folder of all pages. Default: reports/ beside the "
              "data folder.")
@data_option
def delta(case, without, layer, out, data) -> None:
    """Say what some texts changed: a page that compares the case with them and without them.

    New events, changed dates and statuses, newly contested claims, new contradictions, and how the shares of the frames
    moved.

    \b
    Examples:
      casebook delta practice --without blog
      casebook delta practice --without wire,blog
    """
    from helpers.pages import delta as page
    from helpers.pages.index import write_index
    opened, root = _open(case, data), _reports(out, data)
    named = [d.strip() for d in without.split(",") if d.strip()]
    for doc_id in named:
        if doc_id not in set(opened.manifest["doc_id"]):
            try:
                opened.row(doc_id)
            except ValueError as error:
                raise click.UsageError(str(error)) from error
    path = page.write(opened, named, root, layer)
    write_index(root)
    click.echo(str(path))


def _reports(out: Path | None, data: Path | None) -> Path:
    """The folder of all pages: one for all commands, beside the data folder that is used."""
    return (out or _data(data).parent / "reports").resolve()


@cli.command()
@click.argument("names", metavar="[CASE]...", nargs=-1)
@data_option
def check(names: tuple[str, ...], data: Path | None) -> None:
    """Check all that a case holds: what is kept by hand, texts, tables and codebook with every rule's examples.

    Kept by hand are the manifest, the public record, labels, links and ties to the record, decisions, coders, brief
    and readme. Without CASE, all cases are checked. All problems are told at once, each with its file, its line and
    what to do; the brief is read once nothing else is wrong.

    \b
    Examples:
      casebook check
      casebook check practice
    """
    from helpers import case as cases
    from helpers import codebook
    from helpers.checking import check_case
    from helpers.cleaning import check_cues
    data = _data(data)
    for name in names:
        if name not in cases.list_cases(data):
            _open(name, data)       # says which cases there are
    problems = {str(problem): None for problem in [*codebook.check(None), *check_cues()]}
    opened = []
    for name in names or cases.list_cases(data):
        try:
            opened.append(cases.open_case(name, data))
        except (cases.CaseError, cases.TableError) as error:
            problems[str(error)] = None
    for case in opened:
        problems |= dict.fromkeys(check_case(case))
    for problem in problems:
        click.echo(problem)
    checked = ", ".join(case.name for case in opened) or "no case"
    several = sum(max(1, problem.count("\n")) for problem in problems)     # one of a file may name several of its lines
    click.echo(f"{several} to mend." if problems else
               f"Nothing to mend: the codebook, and all that is kept by hand, texts and tables of {checked}.")
    if problems:
        sys.exit(1)


@cli.command()
@click.argument("case")
@click.option("--what", required=True, type=click.Choice(["events", "quotes", "frames", "times"]), help="What to code.")
@click.option("--coder", default="coder", show_default=True, metavar="NAME",
              help="Who will fill it, such as anna or P3.")
@click.option("--for", "aim", type=click.Choice(["coding", "review"]), default="coding", show_default=True,
              help="coding: a blind sheet. review: the codes that the charts draw and what the machine alone found, "
              "those first that matter most.")
@click.option("--n", type=click.IntRange(1), metavar="N", help="Only the first N rows.")
@click.option("--seed", type=int, default=1, show_default=True, help="A blind sheet's order: one seed, one order.")
@click.option("--documents", metavar="A,B", default="", help="Only these documents. Default: all.")
@click.option("--out", type=FOLDER, metavar="DIR", help="Where the sheet goes. Default: reports/CASE/sheets beside "
              "the data folder.")
@data_option
def sheet(case, what, coder, aim, n, seed, documents, out, data) -> None:
    """Write a coding sheet that opens in a spreadsheet, and the list of codes beside it.

    Fill it, save it as “CSV UTF-8”, and give it to `casebook score`. A sheet holds passages of the texts: it does not
    belong in data/. In a review sheet write accept, reject or add under decision, a better code in its column, or the
    key of another row under merge_into or same_event_as; the list of codes says what each column takes.

    \b
    Examples:
      casebook sheet practice --what frames --coder anna
      casebook sheet practice --what events --coder anna --for review --n 60
    """
    from helpers import review
    path = review.sheet(_open(case, data), what, coder, blind=aim == "coding", seed=seed, n=n, out=out,
                        documents=[d.strip() for d in documents.split(",") if d.strip()])
    click.echo(f"The codes are listed in {path.with_name(f'{what}-codes.csv').name} beside it.")
    click.echo(str(path))


@cli.command()
@click.argument("case")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--save", is_flag=True, help="Keep what is good in FILE in the case: blind sheets as spans and codes, "
              "review sheets as decisions.")
@click.option("--table", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it as CSV, too.")
@data_option
def score(case, files, save, table, data) -> None:
    """Say how far all codings of a case agree, and read filled sheets back.

    Compared are the labels of the case, second codings, the sheets kept in review/sheets, the FILEs and the machine. A
    bad code is refused by file and row, and the rest is kept; the exit code is then 1. The coding sheet of the
    exercises (coding-sheet-anna.csv) is another form: the notebook after-the-class reads it.

    \b
    Examples:
      casebook score practice
      casebook score practice reports/practice/sheets/frames-anna.csv
      casebook score practice reports/practice/sheets/events-anna-review.csv --save
    """
    from helpers import agreement, review, tables
    from helpers.review import spreadsheet
    opened = _open(case, data)
    refused: list[str] = []
    unread: list[str] = []
    blind = []
    for file in files:
        try:
            rows = spreadsheet.read(file, ("sheet", "coder", "key"))
            if not str(rows[0]["sheet"] if rows else "").endswith(" review"):
                blind.append(file)
                continue
            made, problems = review.decisions_from(file, opened)
        except tables.TableError as error:
            from helpers.teaching import elsewhere
            unread.append(elsewhere(file) or str(error))
            continue
        except OSError as error:
            unread.append(f"{file}: {error.strerror or error}. Name the sheet that you filled by where it lies.")
            continue
        refused += problems
        click.echo(f"{file.name}: {made['key'].nunique()} rows reviewed, {len(made)} decisions.")
        if save and len(made):
            kept = review.write_decisions(opened, made, f"decisions-{made['coder_id'].iloc[0]}")
            click.echo(f"{file.name}: kept in {kept.parent.name}/{kept.name}. `casebook build {case}` applies them.")
    if files and len(unread) == len(files):     # tables without the sheet that was asked about would mislead
        raise WorkFailed("\n".join(unread))
    found, problems, notes = review.score(opened, blind)
    refused += [*unread, *problems]
    if len(found):
        click.echo(agreement.show_agreement(found).to_string(index=False))
    if table and len(found):
        tables.write_whole(table, tables.to_csv(found))
    for file in blind if save else []:
        try:
            read = review.read_sheet(file, opened, opened.load("sentences"))
            kept = review.join(opened, read, f"{read.what}-{read.coder_id}")
            click.echo(f"{file.name}: kept in review/{kept.parent.name}/{kept.name}, without its passages.")
        except tables.TableError:      # said already
            continue
    for line in [*refused, *notes]:
        click.echo(line, err=True)
    if refused:     # last, so that nobody takes what is kept for all there was
        gone = "1 row or sheet was" if len(refused) == 1 else f"{len(refused)} rows or sheets were"
        rest = "not kept, all others are. Mend what is wrong in the file and save again." if save else "not counted."
        click.echo(f"{gone} refused (above says why) and {rest}", err=True)
        sys.exit(1)


@cli.command()
@click.argument("case")
@click.option("--to", required=True, type=click.Choice(["timelinejs", "plover", "brat"]), help="The format.")
@click.option("--out", type=FOLDER, metavar="DIR", help="Where the files go. Default: reports/CASE/export beside "
              "the data folder.")
@data_option
def export(case, to, out, data) -> None:
    """Write a case for another tool: TimelineJS, PLOVER event records, or the annotation tool brat (needs the texts).

    \b
    Examples:
      casebook export practice --to timelinejs
    """
    from helpers.export import export as export_case
    written, said = export_case(_open(case, data), to, out)
    for line in said:
        click.echo(line)
    for path in written:
        click.echo(str(path))


@cli.command()
@click.argument("case", default="")
@click.option("--text", default="", metavar="DOC", help="The text that the coding sheet is of.")
@click.option("--out", type=FOLDER, metavar="DIR", help="The folder to make. Default: reports/student, "
              "beside the data folder.")
@click.option("--pages", is_flag=True, help="Also make DIR-pages, the same as pages for a laptop that fails, and the "
              "teaching guide, with the answers, to print.")
@data_option
def student(case: str, text: str, out: Path | None, pages: bool, data: Path | None) -> None:
    """Make the student folder: a readme, a start page, four sessions without their keys, codebook page, coding sheet.

    It is made in a folder that is new or empty: one that may hold somebody's answers is never written over.

    \b
    Examples:
      casebook student
      casebook student --text ledger --out group-b
      casebook student --pages
    """
    from helpers import tables, teaching
    data = _data(data)
    if case:
        _open(case, data)
    out = (out or data.parent / "reports" / "student").resolve()
    for path in teaching.student_folder(out, case, text, data=data):
        click.echo(path.name)
    if pages:
        made = teaching.student_pages(out.with_name(out.name + "-pages"), data=data,
                                      say=lambda line: click.echo(line, err=True))
        guide = out.with_name("answers-for-the-teacher.html")       # what it holds, so that nobody hands it out
        tables.write_whole(guide, teaching.print_page(teaching.DOCS / "teaching-guide.md").encode("utf-8"))
        click.echo(f"{len(made)} files in {made[0].parent.name}, and {guide.name}: the guide, to print for "
                   "yourself")
    click.echo(str(out))


@cli.command()
def doctor() -> None:
    """Say what this machine has and lacks, in plain words."""
    from helpers import doctor as doctor_
    sys.exit(doctor_.main())


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code: errors are told in plain words, without a traceback."""
    try:
        cli.main(arguments, prog_name="casebook", standalone_mode=False)
        return 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _tell(error, error.exit_code, error.format_message(), _called(arguments))
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 1
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except (ValueError, OSError) as error:      # CaseError, TableError, CodebookError and what the system refuses
        from helpers.case import ParameterError
        return _tell(error, 2 if isinstance(error, ParameterError) else 1, None, _called(arguments))
    except Exception as error:
        return _tell(error, 1, f"Something went wrong that was not foreseen ({type(error).__name__}): {error}. "
                               "CASEBOOK_DEBUG=1 shows where.")


def _called(arguments: list[str] | None) -> str:
    """The command that was called, as far as it can be told."""
    first = next(iter(sys.argv[1:] if arguments is None else arguments), "")
    return f"casebook {first}" if first in cli.commands else "casebook"


def _tell(error: BaseException, code: int, said: str | None = None, called: str = "casebook") -> int:
    """Say what went wrong, in one style wherever it was noticed; a wrong call is told where the right one stands."""
    if os.environ.get("CASEBOOK_DEBUG"):
        traceback.print_exception(error)
    if said is None and isinstance(error, OSError) and error.filename:
        said = f"{error.filename}: {error.strerror or error}. Name a place that is there and can be written to."
    click.echo(f"Error: {said or error}", err=True)
    if code == 2:
        click.echo(f"`{called} --help` shows how it is called.", err=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
