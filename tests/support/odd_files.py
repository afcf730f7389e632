"""Things at the path of a file that are not regular files. POSIX only."""

import os


def pipe(path):
    """Create a pipe without a writer."""
    os.mkfifo(path)


def device(path):
    """Create a link to a device without an end."""
    path.symlink_to("/dev/zero")


def folder(path):
    """Create a folder."""
    path.mkdir()
