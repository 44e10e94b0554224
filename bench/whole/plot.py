"""Draws the cost of one migration against their number as SVG, both axes logarithmic."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 40, 60
COLOURS = ("#d62728", "#ff9896", "#7f7f7f", "#1f77b4", "#2ca02c", "#9467bd")
STEPS = (1, 2, 5)


def ticks(low, high):
    """1, 2 and 5 of each power of ten: the last at or below `low` to the first above `high`."""
    all_ticks = [step * 10.0 ** power for power in range(-4, 7) for step in STEPS]
    first = max(i for i, tick in enumerate(all_ticks) if tick <= low)
    last = min(i for i, tick in enumerate(all_ticks) if tick >= high)
    return all_ticks[first:last + 1]


class Axis:
    def __init__(self, values, begin, end):
        self.ticks = ticks(min(values), max(values))
        self.low, self.high = math.log(self.ticks[0]), math.log(self.ticks[-1])
        self.begin, self.end = begin, end

    def at(self, value):
        part = (math.log(value) - self.low) / ((self.high - self.low) or 1)
        return self.begin + part * (self.end - self.begin)


def text(x, y, words, anchor="middle", extra=""):
    return '<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>' % (
        x, y, anchor, extra, escape(words))


def line(x1, y1, x2, y2, colour, width=1.0):
    return '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="%s"/>' % (
        x1, y1, x2, y2, colour, width)


def frame(across, up):
    parts = [text(LEFT, TOP - 16, "Cost of one migration, in ms", "start", ' font-weight="bold"')]
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    for tick in up.ticks:
        parts.append(line(LEFT, up.at(tick), right, up.at(tick), "#dddddd"))
        parts.append(text(LEFT - 8, up.at(tick) + 4, "%g" % tick, "end"))
    for tick in across.ticks:
        parts.append(line(across.at(tick), bottom, across.at(tick), bottom + 5, "#333333"))
        parts.append(text(across.at(tick), bottom + 20, format(int(tick), ",")))
    parts.append(line(LEFT, bottom, right, bottom, "#333333"))
    parts.append(text((LEFT + right) / 2, HEIGHT - 14, "pending (both axes logarithmic)"))
    return parts


def label_places(ends):
    """Where the names go: beside the curves' ends, none upon another."""
    places = {}
    lowest = -math.inf
    for subject, y in sorted(ends.items(), key=lambda end: end[1]):
        lowest = max(y + 4, lowest + 16)
        places[subject] = lowest
    return places


def draw(curves, path):
    """`curves`: {subject: {count: milliseconds each}}."""
    counts = [count for points in curves.values() for count in points]
    costs = [cost for points in curves.values() for cost in points.values()]
    across = Axis(counts, LEFT, WIDTH - RIGHT)
    up = Axis(costs, HEIGHT - BOTTOM, TOP)
    parts = frame(across, up)
    places = label_places({
        subject: up.at(points[max(points)]) for subject, points in curves.items()})
    for colour, (subject, points) in zip(COLOURS, curves.items()):
        places_of_points = [(across.at(n), up.at(cost)) for n, cost in sorted(points.items())]
        parts.append('<polyline fill="none" stroke="%s" stroke-width="2.5" points="%s"/>' % (
            colour, " ".join("%.1f,%.1f" % point for point in places_of_points)))
        for x, y in places_of_points:
            parts.append('<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"/>' % (x, y, colour))
        parts.append(text(places_of_points[-1][0] + 10, places[subject], subject, "start",
                          ' fill="%s"' % colour))
    with open(path, "w", encoding="utf-8") as file:
        file.write('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
                   'viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">\n'
                   '<rect width="100%%" height="100%%" fill="white"/>\n%s\n</svg>\n'
                   % (WIDTH, HEIGHT, WIDTH, HEIGHT, "\n".join(parts)))
