# Looks at scripts without executing them. Sent by the daemon to a spare of the worker (worker.py),
# where `inspect` is called. Python 3.8 and newer; without `import ast`, which costs more than a
# hundred scripts.

import _warnings  # What compile() asks; `import warnings` takes longer than many scripts.

# A person sees them when the script runs, not for each plan.
_warnings.filters.insert(0, ("ignore", None, Warning, None, 0))

ONLY_AST = 0x400  # ast.PyCF_ONLY_AST
DESCRIPTION_LIMIT = 200
LONGEST_TIMEOUT = 366 * 24 * 3600


class Problem(Exception):
    pass


def inspect(fields):
    """For path, source, path, source … the description, time-out and problem of each; all text."""
    answers = []
    for at in range(0, len(fields), 2):
        answers.extend(facts(fields[at], fields[at + 1]))
    return answers


def facts(path, source):
    description = timeout = problem = ""
    try:
        tree = parse(path, source)
        description = describe(tree.body)
        surface = Surface()
        surface.read(tree.body, True)
        timeout = surface.timeout
        surface.judge()
        compile(tree, path, "exec", dont_inherit=True)
    except Problem as found:
        problem = str(found)
    except SyntaxError as error:
        problem = "line %d: %s" % (error.lineno, error.msg) if error.lineno else str(error.msg)
    except ValueError as error:
        problem = str(error)
    except (RecursionError, MemoryError, OverflowError):
        problem = "nested too deeply, or too large, to be parsed"
    return description, timeout, problem


def parse(path, source):
    if b"\0" in source:
        line = source[:source.index(b"\0")].count(b"\n") + 1
        raise Problem("line %d: contains a null byte" % line)
    return compile(source, path, "exec", ONLY_AST, True)


def describe(body):
    if not body or type(body[0]).__name__ != "Expr" or type(body[0].value).__name__ != "Constant":
        return ""
    text = body[0].value.value
    if not isinstance(text, str) or not text.strip():
        return ""
    return " ".join(text.strip().splitlines()[0].split())[:DESCRIPTION_LIMIT]


class Surface:
    """The names that a script defines when it is loaded, as far as is seen from outside."""

    def __init__(self):
        self.names = set()
        self.timeout = ""
        self.star = False

    def read(self, body, top):
        for node in body:
            kind = type(node).__name__
            if kind == "FunctionDef":
                self.names.add(node.name)
            elif kind == "AsyncFunctionDef":
                if node.name in ("check", "migrate"):
                    raise Problem("line %d: %s() is an async function; "
                                  "it must return True or False itself"
                                  % (node.lineno, node.name))
            elif kind == "Import" or kind == "ImportFrom":
                for name in node.names:
                    self.star = self.star or name.name == "*"
                    self.names.add(name.asname or name.name)
            elif kind == "Assign":
                for target in node.targets:
                    self.bind(target, node, top)
            elif kind == "AnnAssign":
                if node.value is not None:
                    self.bind(node.target, node, top)
            elif kind in ("If", "Try", "TryStar", "With", "For", "While"):
                for part in ("body", "orelse", "finalbody"):
                    self.read(getattr(node, part, ()), False)
                for handler in getattr(node, "handlers", ()):
                    self.read(handler.body, False)

    def bind(self, target, node, top):
        kind = type(target).__name__
        if kind == "Name":
            self.names.add(target.id)
            if target.id == "TIMEOUT":
                self.timeout = limit(node, top)
        elif kind == "Tuple" or kind == "List":
            for element in target.elts:
                if type(element).__name__ == "Name":
                    self.names.add(element.id)

    def judge(self):
        missing = [name for name in ("check", "migrate") if name not in self.names]
        if missing and not self.star:
            raise Problem("it has no function %s()" % "() and no function ".join(missing))


def limit(node, top):
    value = getattr(node.value, "value", None)
    if not top or type(value) is not int or not 0 < value <= LONGEST_TIMEOUT:
        raise Problem("line %d: TIMEOUT must be a whole number of seconds above 0, "
                      "written as a literal"
                      " at module level" % node.lineno)
    return value
