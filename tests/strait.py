"""An invented strait for tests: two states, their people and a newspaper, as a codebook; a plain cut into sentences."""
import re
from pathlib import Path

import pandas as pd

from helpers.codebook import Codebook, load_codebook

COUNTRIES = """country,name,other_names,metonyms,demonyms,ambiguous
XNO,Norvia,,Port Ana,Norvian;Norvians,
XKE,Kestria,,Lumen,Kestrian;Kestrians,Lumen
"""
ACTORS = """actor_id,name,kind,country,bloc,office,valid_from,valid_to,colour,shared
XNO,Norvia,state,XNO,Norvia,,,,,
XKE,Kestria,state,XKE,Kestria,,,,,
XNO.ruiz,Ana Ruiz,person,XNO,Norvia,president,2010,2019-06,,
XNO.moll,Piet Moll,person,XNO,Norvia,president,2019-07,,,
XNO.mfa,Norvian foreign ministry,organisation,XNO,Norvia,,,,,
XKE.tarn,Ulla Tarn,person,XKE,Kestria,foreign minister,2015,,,
gazette,Harbour Gazette,medium,XNO,Norvia,,,,,
GRP.experts,"experts, unnamed",group,,other,,,,,
"""
ALIASES = """alias,actor_id,match,form,ambiguous,error_form
Ana Ruiz,XNO.ruiz,exact,name,,
Ana Ruis,XNO.ruiz,exact,name,,yes
Piet Moll,XNO.moll,exact,name,,
Ulla Tarn,XKE.tarn,exact,name,,
Harbour Gazette,gazette,exact,name,,
experts,GRP.experts,ci,name,,
"""


def strait_book(folder: Path) -> Codebook:
    """Write the codebook of the strait into a folder and load it."""
    (folder / "codebook").mkdir()
    for name, rows in (("countries.csv", COUNTRIES), ("actors.csv", ACTORS), ("aliases.csv", ALIASES)):
        (folder / "codebook" / name).write_text(rows, encoding="utf-8")
    return load_codebook(folder)


def sentences(text: str) -> pd.DataFrame:
    """One line a paragraph, cut at stops."""
    rows = []
    for n, line in enumerate(re.finditer(r"[^\n]+", text), 1):
        for part in re.finditer(r"\S.*?[.!?][”\"’']?(?=\s|$)|\S.*", line.group()):
            rows.append((line.start() + part.start(), line.start() + part.end(), "body", n))
    frame = pd.DataFrame(rows, columns=["start", "end", "section", "paragraph"])
    return frame.assign(sentence_id=[f"s{k}" for k in range(len(frame))])
