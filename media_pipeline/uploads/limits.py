"""What may be sent at once: the one source of what is refused and of every sentence that says so."""

GIB = 2**30
LARGEST_FILE = 2 * GIB
MOST_MEMBERS = 2_000  # files of a zip file
LARGEST_MEMBER = 1 * GIB
LARGEST_SUM = 4 * GIB  # of all members, unpacked
IN_WORDS = {
    "file_size": f"{LARGEST_FILE // GIB} GB",
    "members": f"{MOST_MEMBERS:,}",
    "member_size": f"{LARGEST_MEMBER // GIB} GB",
    "unpacked_size": f"{LARGEST_SUM // GIB} GB",
}
