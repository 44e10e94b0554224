"""N pending migrations beside the reference and the peers: the cost of one, and its growth."""

import contestants
import timing

SCENARIO = "pending"


def measure(lab, figures):
    everybody = contestants.all_of(lab)
    walls = {}
    for count in lab.options.counts:
        lab.say("%d pending" % count)

        def once(contestant, count=count):
            contestant.prepare(count)
            try:
                return lab.run(contestant.migrate()).wall
            finally:
                contestant.release()

        walls[count] = {}
        taken = timing.in_turn(lab.options.rounds, everybody, once)
        for contestant, values in taken.items():
            walls[count][contestant.name] = values
            figures.add(SCENARIO, contestant.name, [1000 * wall / count for wall in values],
                        "ms each", count)
    aims(figures, walls)


def aims(figures, walls):
    if 1000 in walls:
        at = walls[1000]
        figures.aim(SCENARIO, "1,000 pending: telec / reference",
                    timing.ratio(at["telec"], at["reference"]), 0.60)
        if "dbmate" in at:
            figures.aim(SCENARIO, "1,000 pending: telec / dbmate",
                        timing.ratio(at["telec"], at["dbmate"]), 1.0)
    if 500 in walls and 5000 in walls:
        growth = timing.ratio(walls[5000]["telec"], walls[500]["telec"]) / 10
        figures.aim(SCENARIO, "cost of one: 5,000 / 500 pending", growth, 1.10)
