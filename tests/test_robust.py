"""Whole builds under bad conditions: killed, two at once, a full disk, a read-only folder, odd settings."""
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from helpers.case import open_case

CASE = "practice"


@pytest.fixture
def data(project, tmp_path):
    """A data folder that holds the practice case alone, with its tables."""
    for kind in ("raw", "processed"):
        shutil.copytree(project / "data" / kind / CASE, tmp_path / "data" / kind / CASE)
    return tmp_path / "data"


def start(data, **settings):
    """Begin `casebook build` in a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "helpers.cli", "build", CASE, "--data", str(data)],
                            env=os.environ | settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def contents(data):
    """The bytes of every table; hidden files are a writer's own."""
    return {p.name: p.read_bytes() for p in sorted((data / "processed" / CASE).iterdir()) if p.name[0] != "."}


def spoil(data):
    """Give the tables other bytes that still can be read, so that an old table can be told from a new one."""
    path = data / "processed" / CASE / "chain.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    return contents(data)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of three megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not shutil.which("mount") or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)],
                                                   capture_output=True).returncode:
        pytest.skip("a small disk can be mounted only by the superuser of a Linux machine")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_killed_build_leaves_old_tables_and_the_next_one_mends(data):
    right, old = contents(data), spoil(data)
    for wait in (1.5, 3.0):
        process = start(data)
        time.sleep(wait)
        process.kill()
        process.communicate()
        assert contents(data) in (old, right)
    assert start(data).wait() == 0
    assert contents(data) == right
    assert not list((data / "processed" / CASE).glob(".*.new"))


def test_two_builds_at_once_do_not_mix(data):
    right = contents(data)
    spoil(data)
    both = [start(data), start(data)]
    assert [p.wait() for p in both] == [0, 0], [p.stderr.read() for p in both]
    assert contents(data) == right


def test_a_full_disk_leaves_the_old_tables_and_says_so(data, small_disk):
    shutil.copytree(data, small_disk / "data")
    old = spoil(small_disk / "data")
    with open(small_disk / "filler", "wb", buffering=0) as filler, pytest.raises(OSError):
        while True:
            filler.write(b"x" * 1024)
    process = start(small_disk / "data")
    said = process.communicate()[1]
    assert process.returncode == 1
    assert "No space left" in said and "untouched" in said and "Traceback" not in said
    assert contents(small_disk / "data") == old


def test_a_folder_that_cannot_be_written_is_read_and_named(data, small_disk):
    shutil.copytree(data, small_disk / "data")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert len(open_case(CASE, small_disk / "data").load("events"))
    process = start(small_disk / "data")
    said = process.communicate()[1]
    assert process.returncode == 1
    assert "Read-only" in said and str(small_disk) in said and "Traceback" not in said


@pytest.mark.parametrize("settings", [
    {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "1",
     "TZ": "Pacific/Kiritimati"},
    {"LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4294967295", "TZ": "America/St_Johns"}])
def test_settings_of_the_machine_do_not_change_a_byte(data, settings):
    right = contents(data)
    shutil.rmtree(data / "processed")
    process = start(data, **settings)
    said = process.communicate()[1]
    assert process.returncode == 0, said
    assert contents(data) == right
