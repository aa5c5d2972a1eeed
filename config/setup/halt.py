"""One clear sentence instead of a traceback, for what goes wrong before or while the services start."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
A_FILE_STANDS_THERE = frozenset({errno.EEXIST, errno.ENOTDIR})
NO_SUCH_PATH = frozenset({errno.ENAMETOOLONG, errno.ELOOP})


class Halt(Exception):
    """Set-up cannot go on. The message is a sentence for the person at the terminal: the fact, then what to do."""


def guarded(main: Callable[[], int]) -> int:
    """Run `main`; a Halt, a full disk, a path that cannot be used or Ctrl-C ends it with a sentence on stderr and a
    non-zero status. What else the operating system refuses is a fault of ours, and its traceback says where."""
    try:
        return main()
    except Halt as halt:
        print(f"xinglin: {halt}", file=sys.stderr)
    except OSError as error:
        error = first_cause(error)
        if error.errno not in FULL | FORBIDDEN | A_FILE_STANDS_THERE | NO_SUCH_PATH:
            raise
        print(f"xinglin: {os_sentence(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        print("xinglin: stopped before set-up was complete. Run the command again to go on.", file=sys.stderr)
        return 130
    return 1


def first_cause(error: OSError) -> OSError:
    """A copied tree gathers its errors in one without a number: (source, target, text) each. A full disk is told."""
    reasons = [text for *_paths, text in error.args[0]] if isinstance(error, shutil.Error) else []
    full = next((number for number in FULL if os.strerror(number) in str(reasons)), None)
    return OSError(full, os.strerror(full)) if full else error


def os_sentence(error: OSError) -> str:
    """The sentence for an error of the operating system while writing files."""
    if error.errno in FULL:
        return "The disk is full. Set-up needs about 3 GB; free some space and run the command again."
    if error.errno in A_FILE_STANDS_THERE:
        return f"{error.filename} cannot be a folder: a file stands there or above it. Move it or name another folder."
    reason = f"({os.strerror(error.errno or 0)})"
    if error.errno in NO_SUCH_PATH:
        return f"{error.filename} cannot be used {reason}. Name another folder."
    return f"{error.filename} cannot be written {reason}. Check who owns the folder."
