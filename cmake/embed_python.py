"""Run by embed_python at build time: writes OUTPUT.h and OUTPUT.cc from Python source.

Usage: embed_python.py OUTPUT NAMESPACE SYMBOL SOURCE...

A bundle is

    4 bytes   the magic number of the Python that compiled it (importlib.util.MAGIC_NUMBER)
    4 bytes   how long its code is, little endian
    code      marshal.dumps() of the program's code object
    source    the rest: UTF-8

The code is of use to a Python with the same magic number, as with a .pyc file (PEP 3147).
"""

import importlib.util
import marshal
import os
import sys

NAME = "<migrationd>"  # As script.py calls it: what tracebacks leave out.
BYTES_PER_LINE = 24

HEADER = """// Generated from {files}.
#pragma once

#include <string_view>

namespace {namespace} {{

// {files}, compiled, with the source: see cmake/embed_python.py. Never destroyed.
extern const std::string_view {symbol};

}}  // namespace {namespace}
"""

BODY = """#include "{header}"

namespace {namespace} {{
namespace {{

constexpr char kBytes[] = {{
{bytes}
}};

}}  // namespace

constinit const std::string_view {symbol}(kBytes, sizeof(kBytes));

}}  // namespace {namespace}
"""


def bundle(source):
    code = marshal.dumps(compile(source, NAME, "exec", dont_inherit=True, optimize=0))
    return importlib.util.MAGIC_NUMBER + len(code).to_bytes(4, "little") + code + source


def literals(data):
    lines = []
    for at in range(0, len(data), BYTES_PER_LINE):
        lines.append("".join("'\\x%02x'," % byte for byte in data[at:at + BYTES_PER_LINE]))
    return "\n".join(lines)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main(output, namespace, symbol, *files):
    source = b""
    for file in files:
        with open(file, "rb") as text:
            source += text.read()
    names = {"namespace": namespace, "symbol": symbol, "header": os.path.basename(output) + ".h",
             "files": " and ".join(os.path.basename(file) for file in files)}
    write(output + ".h", HEADER.format(**names))
    write(output + ".cc", BODY.format(bytes=literals(bundle(source)), **names))


main(*sys.argv[1:])
