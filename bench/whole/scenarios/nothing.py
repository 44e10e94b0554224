"""Nothing to do with 1,000 recorded, and the status then: whole commands, the client included."""

import contestants
import timing

RECORDED = 1000
ROUNDS = 10  # For each of the usual ones: these commands are short.


def measure(lab, figures):
    count = min(RECORDED, max(lab.options.counts))
    lab.say("nothing to do, %d recorded" % count)
    everybody = contestants.all_of(lab)
    prepared = []
    try:
        for contestant in everybody:
            contestant.prepare(count)
            prepared.append(contestant)
            lab.run(contestant.migrate())
        rounds = ROUNDS * lab.options.rounds
        compare(lab, figures, "nothing", everybody, lambda who: who.migrate(), 0.5, rounds, count)
        compare(lab, figures, "status", everybody, lambda who: who.status(), 0.4, rounds, count)
    finally:
        for contestant in prepared:
            contestant.release()


def compare(lab, figures, scenario, everybody, command, limit, rounds, count):
    taken = timing.in_turn(rounds, everybody, lambda who: lab.run(command(who)).wall)
    walls = {}
    for contestant, values in taken.items():
        walls[contestant.name] = values
        figures.add(scenario, contestant.name, [1000 * wall for wall in values], "ms", count)
    if "dbmate" in walls:
        figures.aim(scenario, "%s, %d recorded: telec / dbmate" % (
            {"nothing": "nothing to do"}.get(scenario, scenario), count),
            timing.ratio(walls["telec"], walls["dbmate"]), limit)
