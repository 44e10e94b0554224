"""Prints what Python makes of every sequence of four bytes out of the given ones.

usage: utf8_oracle.py BYTES-IN-HEXADECIMAL

One line for each sequence, in lexicographic order: decoded with U+FFFD for what is not UTF-8,
encoded again.
None of the bytes may be a line feed.
"""

import itertools
import sys

alphabet = bytes.fromhex(sys.argv[1])
for sequence in itertools.product(alphabet, repeat=4):
    sys.stdout.buffer.write(bytes(sequence).decode("utf-8", "replace").encode() + b"\n")
