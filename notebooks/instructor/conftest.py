"""This notebook reads what a class has done: there is no output to compare; tests/test_teaching.py runs it."""
collect_ignore_glob = ["*.ipynb"]
