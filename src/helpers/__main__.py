"""`python -m helpers` is the command `casebook`."""
import sys

from helpers.cli import main

sys.exit(main())
