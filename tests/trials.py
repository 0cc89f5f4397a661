"""A small project to try the pages on: an invented case of two notes about a mill, and notebooks that misbehave."""
import csv
import hashlib
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.pages import render

NOTES = {"north": "Mill to stay shut\n\nThe council said on Monday that the mill stays shut.\n",
         "south": "Mill may open\n\nOwners hope to open the mill in spring.\n"}
ATTACK = ("<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
          "<img src='https://example.org/pixel.png'><a href=\"javascript:document.title='run'\">press</a>"
          "<style>body{display:none}</style><iframe src='https://example.org'></iframe>"
          "<svg onload=\"document.title='run'\"></svg></div></main></body>"
          "<b style='position:fixed;background-image:url(https://example.org/x.png)'>left</b>")
PARAMETERS = """\
case: str = "mill"  # which case
documents: list[str] = []  # none: all
save: bool = False  # write the tables"""
PICTURE = """\
import base64, io
from PIL import Image
from IPython.display import display
def picture(**about):
    image = Image.new("RGB", (900, 300), "white")
    for i in range(900):
        image.putpixel((i, i // 3), (i % 256, 90, 160))
        image.paste((i % 256, 60, 200 - i % 200), (i, 200, i + 1, 280))
    file = io.BytesIO()
    image.save(file, "PNG")
    display({"image/png": base64.b64encode(file.getvalue()).decode(), "text/plain": "picture"}, raw=True,
            metadata={"image/png": about})
"""


def notebook(path: Path, *cells) -> None:
    """Write a notebook: text that begins with # is Markdown, (tag, text) is a tagged code cell, the rest is code."""
    made = []
    for cell in cells:
        tag, source = cell if isinstance(cell, tuple) else (None, cell)
        made.append(new_markdown_cell(source) if source.startswith("#") else
                    new_code_cell(source, metadata={"tags": [tag]} if tag else {}))
    for number, cell in enumerate(made):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "a-kernel-that-nobody-has", "display_name": "None", "language": "python"}
    nbformat.write(new_notebook(cells=made, metadata={"kernelspec": kernel}), path)


def make_project(root: Path) -> Path:
    """Write the data folder and the notebooks of the trial project. Returns its root."""
    raw = root / "data" / "raw" / "mill"
    raw.mkdir(parents=True)
    with open(raw / "documents.csv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["doc_id", "file", "sha256", "title"])
        for doc_id, text in NOTES.items():
            (raw / f"{doc_id}.txt").write_bytes(text.encode())
            rows.writerow([doc_id, f"{doc_id}.txt", hashlib.sha256(text.encode()).hexdigest(), text.splitlines()[0]])
    (raw / "README.md").write_text("# The quarrel over the mill <b>&</b> its weir\n\nTwo notes about *one* mill.\n",
                                   encoding="utf-8")
    books = root / "notebooks"
    books.mkdir()
    mark = "path = open_case(case).processed / 'order.txt'\n"
    notebook(books / "01-first.ipynb",
             "# What comes first?\n\nThe first notebook writes. The [third](03-reads.ipynb#What-is-there) reads; "
             "[this](../README.md) has no page.",
             ("parameters", PARAMETERS), "from helpers.case import open_case\n" + mark +
             "import time\nif save:\n    time.sleep(1)  # long enough for one that does not wait\n"
             "    path.parent.mkdir(parents=True, exist_ok=True)\n    path.write_text('first')\n"
             "print(documents)")
    notebook(books / "02-second.ipynb", "# And what then?\n\nIt reads what the first wrote.",
             ("parameters", PARAMETERS), "from helpers.case import open_case\n" + mark +
             "if save:\n    path.write_text(path.read_text() + ', second')")
    notebook(books / "03-reads.ipynb", "# What is there in the end?\n\nBoth have written by now.",
             ("parameters", 'case: str = "mill"  # which case\nwindow: int = 30  # days'),
             "# ## What is there\n\nOne line.".replace("# ##", "##"),
             "from helpers.case import open_case\n" + mark + "print('order:', path.read_text(), window)",
             "import os, sys\nprint(os.environ['PYTHONHASHSEED'], sys.executable, os.path.basename(os.getcwd()))")
    notebook(books / "04-chart.ipynb", "# Does the picture come through?\n\nIt does.", PICTURE,
             "## Draw it\n\nHere it is.\n\n### And how to read it\n\n| sign | number |\n|---|---|\n| dot | 12 |",
             "picture(alt='A line that \"falls\" <from> left to right.', width=900, height=300)",
             ("finding", "print('One line falls.')"),
             "import pandas as pd\npd.DataFrame({'who': ['council', 'owners'], 'n': [2, 10]}, "
             "index=pd.Index(['a', 'b'], name='note'))",
             "pd.DataFrame({'day': pd.date_range('2031-01-01', periods=40).strftime('%Y-%m-%d'), "
             "'said': 'shut ' * 20})")
    notebook(books / "05-hostile.ipynb",
             f"# Is data only data? <script>document.title='run'</script>\n\n{re.sub('<img[^>]*>', '', ATTACK)}",
             f"attack = {ATTACK!r}\nprint(attack)",
             "import pandas as pd\npd.options.display.max_colwidth = None\n"
             "pd.DataFrame({attack: [attack]}, index=[attack])",
             "from IPython.display import HTML, Javascript, Markdown, display\ndisplay(HTML(attack))\n"
             "display(Markdown(attack + '\\n\\n[press](javascript:alert(1)) ![](https://example.org/a.png)'))",
             "display(Javascript(\"document.title='run'\"))",
             "display({'image/svg+xml': '<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><script>"
             "document.title=1</script></svg>'}, raw=True, metadata={'image/svg+xml': {'alt': attack}})",
             "display(HTML('<div>' * 3000 + 'deep'))", "display(HTML('<script>never closed ' + '<style>' * 2000))")
    notebook(books / "06-fails.ipynb", "# Is a failure kept?\n\nIt is.", "print('before')",
             "raise ValueError('the <b>weir</b> is gone')", "print('after')")
    notebook(books / "07-undescribed.ipynb", "# Is a picture without words refused?\n\nIt is.", PICTURE, "picture()",
             "picture(alt='  ')", "picture(alt='A line.')")
    return root


class Trial(NamedTuple):
    """The trial project, where its pages went, what the call returned and said."""
    root: Path
    out: Path
    done: object
    said: list


_kept = []      # folders live as long as the process


@cache
def rendered() -> Trial:
    """Render the whole trial project once a process, in a folder with spaces, other letters and braces in its name."""
    folder = TemporaryDirectory(prefix="seiten ü {x} ", ignore_cleanup_errors=True)
    _kept.append(folder)
    root = make_project(Path(folder.name).resolve() / "probe")
    said = []
    done = render(data=root / "data", folder=root / "notebooks", out=root / "reports", say=said.append, jobs=2)
    return Trial(root, root / "reports", done, said)
