"""Teaching: the exercises' checks, what they show, the coding sheet of a class, and the student folder.

The exercises in ``notebooks/exercises`` hold their keys between ``### BEGIN SOLUTION`` and ``### END SOLUTION``
(nbgrader's markers). :func:`student_folder` leaves them out. A check holds an answer against the labels of a case; it
says what is wrong and never what is right. Students see the coarser groups of the codebook (``seminar_group``).
"""
from helpers.teaching.checks import Checked, check
from helpers.teaching.folder import (
    DOCS,
    ExerciseError,
    leaks,
    print_page,
    strip,
    student_folder,
    student_pages,
    teacher_sheets,
)
from helpers.teaching.redtext import explain_red_text
from helpers.teaching.sheets import (
    against_key,
    agreement,
    by_coder,
    coding_sheet,
    differences,
    elsewhere,
    hardest,
    models,
    read_sheets,
    state,
    together,
)
from helpers.teaching.showing import (
    coarse,
    compare_passages,
    groups,
    lines_of,
    meanings,
    own_page,
    page_of,
    passages,
    record_cards,
    two_coders,
)

__all__ = ["Checked", "DOCS", "ExerciseError", "against_key", "agreement", "by_coder", "check", "coarse",
           "coding_sheet", "compare_passages", "differences", "elsewhere", "explain_red_text", "groups", "hardest",
           "leaks", "lines_of", "meanings", "models", "own_page", "page_of", "passages", "print_page", "read_sheets",
           "record_cards", "state", "strip", "student_folder", "student_pages", "teacher_sheets", "together",
           "two_coders"]
