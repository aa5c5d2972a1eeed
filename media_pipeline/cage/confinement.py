"""Take away what a reader of foreign bytes does not need. Pure Python, no root, no installed tool.

Resource limits always hold. Landlock (files; Linux 5.13, see landlock(7)) and seccomp (system calls; seccomp(2)) hold
where the kernel has them; `confine` says which do. The order matters: no-new-privileges first, seccomp last.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
import sysconfig
from pathlib import Path

MIB = 2**20
MEMORY = 3072 * MIB  # address space, the libraries' own mappings (about 700 MiB) included
LARGEST_FILE = 2048 * MIB
PROCESS_CPU_SECONDS = 900
OPEN_FILES = 64

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, PR_SET_DUMPABLE = 1, 38, 22, 4
SECCOMP_MODE_FILTER = 2
RET_ALLOW, RET_EPERM, RET_KILL = 0x7FFF0000, 0x00050001, 0x80000000

# linux/audit.h architecture numbers, and by number (asm/unistd.h) the calls that are refused there: sockets, fork and
# exec, signals to others and ptrace, the mount family, keys, kernel modules, bpf, io_uring, pidfd, foreign memory and
# namespaces.
FORBIDDEN = {
    "x86_64": (
        0xC000003E,
        "41 42 43 46 49 50 53 57 58 59 62 101 129 155 161 165 166 175 200 234 248 249 250 272 288 297 298 303 304 308"
        " 310 311 313 320 321 322 323 424 425 426 427 434 438",
    ),
    "aarch64": (
        0xC00000B7,
        "198 199 200 201 202 203 211 221 129 130 131 138 117 41 51 40 39 105 217 218 219 97 240 242 241 264 265 268"
        " 270 271 273 280 281 282 424 425 426 427 434 438",
    ),
}
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435
CLONE_THREAD = 0x00010000
PRLIMIT = {"x86_64": 302, "aarch64": 261}
FCNTL, F_SETOWN, F_SETOWN_EX = {"x86_64": 72, "aarch64": 25}, 8, 15
X32 = 0x40000000  # the same calls of x86-64 under numbers from here on

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
LANDLOCK_EXECUTE, LANDLOCK_READ_FILE, LANDLOCK_READ_DIR = 1 << 0, 1 << 2, 1 << 3
LANDLOCK_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1}
LANDLOCK_RIGHTS_SINCE_3 = (1 << 15) - 1

_libc = ctypes.CDLL(None, use_errno=True)


def confine() -> list[str]:
    """Confine this process for good. Returns the names of the layers that hold."""
    limit_resources()
    die_with_parent()
    _libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    layers = ["rlimits"]
    if _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return layers
    if _landlock():
        layers.append("landlock")
    if _seccomp():
        layers.append("seccomp")
    return layers


def die_with_parent() -> None:
    """Have the kernel end this process when its parent ends (prctl(2), PR_SET_PDEATHSIG)."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def grant_cpu(seconds: float) -> None:
    """Let this process use `seconds` more of CPU before the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft, hard), hard))


def limit_resources() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESS_CPU_SECONDS, PROCESS_CPU_SECONDS))


def _landlock() -> bool:
    """Deny every file except the interpreter and its libraries, which may be read."""
    abi = _libc.syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    if abi < 1:
        return False
    handled = LANDLOCK_RIGHTS.get(abi, LANDLOCK_RIGHTS_SINCE_3)
    attribute = ctypes.create_string_buffer(struct.pack("<Q", handled), 8)
    ruleset = _libc.syscall(LANDLOCK_CREATE, attribute, ctypes.c_size_t(8), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    allowed = LANDLOCK_EXECUTE | LANDLOCK_READ_FILE | LANDLOCK_READ_DIR
    for folder in _library_folders():
        descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        rule = ctypes.create_string_buffer(struct.pack("<Qi", allowed, descriptor), 12)
        _libc.syscall(LANDLOCK_ADD, ctypes.c_int(ruleset), ctypes.c_int(1), rule, ctypes.c_uint32(0))
        os.close(descriptor)
    held = _libc.syscall(LANDLOCK_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0)) == 0
    os.close(ruleset)
    return held


def _library_folders() -> list[str]:
    paths = sysconfig.get_paths()
    names = {paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"], "/usr/lib", "/lib", "/lib64"}
    names.add(str(Path(sys.executable).resolve().parent.parent / "lib"))
    return sorted(name for name in names if Path(name).is_dir())


def _seccomp() -> bool:
    machine = platform.machine()
    if machine not in FORBIDDEN:
        return False
    program = _filter(machine)
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    pointer = ctypes.create_string_buffer(header, len(header))
    return bool(_libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, pointer, 0, 0) == 0)


def _filter(machine: str) -> bytes:
    """A classic BPF program: wrong architecture dies, new processes and the listed calls get EPERM, the rest may.

    Limits may be changed of this process only (prlimit64 with pid 0, which is also how the C library sets its own), and
    a descriptor's signals may not be sent to another process (fcntl F_SETOWN).
    """
    load, equal, at_least, has_bits, give = 0x20, 0x15, 0x35, 0x45, 0x06
    first, second = 16, 24  # where a call's arguments lie in struct seccomp_data, low half
    architecture, numbers = FORBIDDEN[machine]
    lines = [
        (load, 0, 0, 4),
        (equal, 1, 0, architecture),
        (give, 0, 0, RET_KILL),
        (load, 0, 0, 0),
        (at_least, 0, 1, X32),
        (give, 0, 0, RET_EPERM),
    ]
    for number in sorted({*map(int, numbers.split()), CLONE3}):
        # clone3 answers "not implemented" (38), so that the C library falls back to clone, whose flags can be seen
        lines += [(equal, 0, 1, number), (give, 0, 0, RET_EPERM - 1 + (38 if number == CLONE3 else 1))]
    lines += [
        (equal, 0, 4, PRLIMIT[machine]),
        (load, 0, 0, first),
        (equal, 0, 1, 0),
        (give, 0, 0, RET_ALLOW),
        (give, 0, 0, RET_EPERM),
        (equal, 0, 5, FCNTL[machine]),
        (load, 0, 0, second),
        (equal, 1, 0, F_SETOWN),
        (equal, 0, 1, F_SETOWN_EX),
        (give, 0, 0, RET_EPERM),
        (give, 0, 0, RET_ALLOW),
        (equal, 0, 3, CLONE[machine]),
        (load, 0, 0, first),
        (has_bits, 1, 0, CLONE_THREAD),
        (give, 0, 0, RET_EPERM),
        (give, 0, 0, RET_ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
