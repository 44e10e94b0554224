"""What was measured: figures, and the aims that they are held against."""

import json
import os
import platform
import statistics

NUMBER = "%.3g"


class Figures:
    def __init__(self):
        self.figures = []
        self.aims = []

    def add(self, scenario, subject, values, unit, count=None):
        """`values`: one for each round. `count`: how many migrations, where that matters."""
        self.figures.append({
            "scenario": scenario, "subject": subject, "count": count, "unit": unit,
            "median": statistics.median(values), "min": min(values), "max": max(values),
            "values": list(values)})

    def aim(self, scenario, words, reached, limit, unit="×", at_least=False):
        kept = reached >= limit if at_least else reached <= limit
        self.aims.append({
            "scenario": scenario, "words": words, "reached": reached, "limit": limit,
            "unit": unit, "at_least": at_least, "kept": kept})

    def medians(self, scenario, unit):
        """{subject: {count: median}}"""
        found = {}
        for figure in self.figures:
            if figure["scenario"] == scenario and figure["unit"] == unit:
                found.setdefault(figure["subject"], {})[figure["count"]] = figure["median"]
        return found

    def table(self):
        rows = [("scenario", "N", "what", "median", "min", "max", "unit")]
        for figure in self.figures:
            rows.append((
                figure["scenario"], str(figure["count"] or ""), figure["subject"],
                show(figure["median"]), show(figure["min"]), show(figure["max"]), figure["unit"]))
        return align(rows)

    def aims_table(self):
        rows = [("aim", "reached", "wanted", "")]
        for aim in self.aims:
            wanted = "%s %s %s" % ("≥" if aim["at_least"] else "≤", show(aim["limit"]), aim["unit"])
            rows.append((
                aim["words"], "%s %s" % (show(aim["reached"]), aim["unit"]), wanted,
                "reached" if aim["kept"] else "NOT REACHED"))
        return align(rows)

    def write(self, path, arguments):
        document = {
            "machine": machine(), "arguments": arguments,
            "figures": self.figures, "aims": self.aims}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1, ensure_ascii=False)
            file.write("\n")


def show(number):
    return "%d" % number if number >= 1000 else NUMBER % number


def align(rows):
    """Rows of text as the lines of a Markdown table."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        lines.append("| %s |" % " | ".join(cell.ljust(width) for cell, width in zip(row, widths)))
    lines.insert(1, "|%s|" % "|".join("-" * (width + 2) for width in widths))
    return "\n".join(lines)


def machine():
    """What the figures depend on; nothing that names the machine."""
    return {
        "processors": len(os.sched_getaffinity(0)), "kernel": platform.release(),
        "python": platform.python_version(), "load": os.getloadavg()[0]}
