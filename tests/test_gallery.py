"""The gallery shows what the committed notebooks show, each picture with its alt text."""
import base64

import nbformat

from helpers.pages.gallery import pictures, write_gallery

PNG = base64.b64encode(b"\x89PNG not really").decode()


def notebook(path, *alts):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A question?\n\ntext"),
                                         nbformat.v4.new_markdown_cell("## 1 Draw")])
    for alt in alts:
        output = nbformat.v4.new_output("display_data", data={"image/png": PNG}, metadata={"image/png": {"alt": alt}})
        nb.cells.append(nbformat.v4.new_code_cell("draw()", outputs=[output]))
    nbformat.write(nb, path)
    return path


def test_pictures_keep_their_order_section_and_alt_text(tmp_path):
    found = pictures(notebook(tmp_path / "03-x.ipynb", "first", "second"))
    assert [(p.file, p.alt, p.section) for p in found] == [("03-x-1.png", "first", "1 Draw"),
                                                           ("03-x-2.png", "second", "1 Draw")]


def test_what_no_notebook_shows_any_more_goes(tmp_path):
    path = notebook(tmp_path / "03-x.ipynb", "first", "second")
    write_gallery([path], tmp_path / "g")
    write_gallery([notebook(path, "only [one]")], tmp_path / "g")
    assert sorted(p.name for p in (tmp_path / "g").iterdir()) == ["03-x-1.png", "README.md"]
    page = (tmp_path / "g" / "README.md").read_text(encoding="utf-8")
    assert "A question?" in page and "![only (one)](03-x-1.png)" in page


def test_a_description_stands_once_and_its_finding_over_the_picture(tmp_path):
    alt = "Two of three left. A map with many ports."
    write_gallery([notebook(tmp_path / "03-x.ipynb", alt)], tmp_path / "g")
    page = (tmp_path / "g" / "README.md").read_text(encoding="utf-8")
    assert page.count("A map with many ports") == 1 and "\nTwo of three left.\n" in page


def test_the_committed_gallery_is_that_of_the_committed_notebooks(project):
    paths = sorted((project / "notebooks").glob("*.ipynb"))
    wanted = {p.file: p.png for path in paths for p in pictures(path)}
    folder = project / "docs" / "gallery"
    assert wanted and {p.name: p.read_bytes() for p in folder.glob("*.png")} == wanted
    assert all(f"]({name})" in (folder / "README.md").read_text(encoding="utf-8") for name in wanted)
