"""The exercises are not compared with committed outputs (they have none): tests/test_teaching.py executes them."""
collect_ignore_glob = ["*.ipynb"]
