"""Measures whole commands: migrationd beside a reference and other tools, scenario by scenario.

Figures are for comparing within one run of this program: contestants take turns, so that what
disturbs the machine disturbs them alike, and an aim is held against the median of the ratios round
by round. Nothing here is a test: it ends with 0 whatever it measured.
"""

import argparse
import os
import sys

import plot
from figures import Figures
from lab import ROOT, Lab
from scenarios import ALL


def parse(arguments):
    names = "\n".join("  %-10s %s" % (name, scenario.__doc__.splitlines()[0])
                      for name, scenario in ALL.items())
    parser = argparse.ArgumentParser(
        prog="./dev bench", description=__doc__, epilog="scenarios:\n" + names,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="default: all")
    parser.add_argument("-n", "--counts", type=numbers, default=[500, 1000, 5000], metavar="N,N",
                        help="how many migrations are pending (500,1000,5000)")
    parser.add_argument("-r", "--rounds", type=int, default=5,
                        help="how often everything is measured (5)")
    parser.add_argument("--no-peers", action="store_true", help="without dbmate and umzug")
    parser.add_argument("--bin", default=os.path.join(ROOT, "build", "bin"), metavar="DIR",
                        help="where migrationd and telec are")
    parser.add_argument("--folder", default=os.path.join(ROOT, "build", "bench-run"), metavar="DIR",
                        help="for states, figures and peers; on the disk that is measured")
    parser.add_argument("--plot", metavar="FILE",
                        help="where the plot goes (performance.svg in that folder)")
    options = parser.parse_args(arguments)
    for name in options.scenarios:
        if name not in ALL:
            parser.error("there is no scenario %r; --help lists them" % name)
    if options.rounds < 1 or min(options.counts) < 1:
        parser.error("rounds and counts begin at 1")
    return options


def numbers(text):
    return [int(number) for number in text.split(",")]


def main(arguments):
    options = parse(arguments)
    figures = Figures()
    with Lab(options) as lab:
        for name in options.scenarios or ALL:
            ALL[name].measure(lab, figures)
    print("\n" + figures.table() + "\n\n" + figures.aims_table() + "\n")
    raw = os.path.join(options.folder, "figures.json")
    figures.write(raw, arguments)
    print("raw figures: " + os.path.relpath(raw))
    curves = figures.medians("pending", "ms each")
    if curves:
        path = options.plot or os.path.join(options.folder, "performance.svg")
        plot.draw(curves, path)
        print("plot: " + os.path.relpath(path))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
