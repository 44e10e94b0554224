"""Each file is one scenario: measure(lab, figures) adds figures and holds them against aims.

Its docstring's first line says what it measures.
"""

from scenarios import first, memory, nothing, output, pending, plan, watchers

ALL = {
    "pending": pending, "nothing": nothing, "plan": plan, "first": first, "memory": memory,
    "output": output, "watchers": watchers}
