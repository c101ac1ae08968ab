"""array_eval: its language, read by another kind of parser, and computed as the functions in it would be, one in the other."""

import re

from kinds import Kind, S, draw_integer, text
from registry import SCALARS, scalar, spread
from values import LEAST, MOST, Fault

LEVELS = [["or"], ["and"], ["not"], ["=", "==", "<>", "!=", "between", "in"], ["<", "<=", ">", ">="], ["&", "|", "<<", ">>"], ["+", "-"], ["*", "/", "%"]]
BINARY = {
    "=": "eq", "==": "eq", "<>": "ne", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "&": "bit_and", "|": "bit_or",
    "<<": "shl", ">>": "shr", "+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod",
}  # fmt: skip
FUNCTIONS = {"abs": 1, "sign": 1, "popcount": 1, "least": 2, "greatest": 2, "floor_div": 2, "floor_mod": 2, "pow": 2, "clip": 3, "where": 3}
OUTERMOST = {"sum": 1, "min": 1, "max": 1, "avg": 1, "count": 1, "any": 1, "all": 1, "argmin": 1, "argmax": 1, "filter": 2}
TOKEN = re.compile(r"[ \t-\r]*(?:(0x[0-9a-f]+|[0-9]+)(?![.]|e[0-9-])|([a-z][a-z0-9_]*)|(<<|>>|<=|>=|<>|!=|==|[-=<>(),+*/%&|~]))", re.I | re.A)


def wrong(why=""):
    raise Fault("argument 1: .*" + why)


def tokens(source):
    at, found = 0, []
    while source[at:].strip(" \t\n\v\f\r"):
        match = TOKEN.match(source, at)
        if not match:
            wrong()
        found.append((match[1] or match[2] or match[3]).lower())
        at = match.end()
    return found


class Parser:
    """Climbs from the operators that bind least to those that bind most; not Pratt's, as core/expression.c is."""

    def __init__(self, source, letters):
        self.tokens, self.at, self.letters = tokens(source) + [""], 0, letters

    def next(self):
        return self.tokens[self.at]

    def take(self, *known):
        if self.next() not in known:
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def expect(self, token):
        return self.take(token) or wrong("expected")

    def whole(self):
        name = self.next()
        if name in OUTERMOST and self.take(name):
            tree = (name, *self.arguments(OUTERMOST[name]))
        else:
            tree = self.level(0)
        return tree if self.next() == "" else wrong("expected")

    def arguments(self, count):
        self.expect("(")
        found = [self.level(0)]
        while len(found) < count:
            self.expect(",")
            found.append(self.level(0))
        self.expect(")")
        return found

    def level(self, n, left=None):
        """A value with the operators of this level and those that bind more; left: its beginning, where that has been read."""
        if n == len(LEVELS):
            return self.operand() if left is None else left
        if LEVELS[n] == ["not"]:  # before its operand, wherever one may stand: see operand()
            return self.level(n + 1, left)
        left = self.level(n + 1, left)
        while True:
            inverted = False
            if LEVELS[n][0] == "=" and self.next() == "not":
                inverted = bool(self.take("not"))
                if self.next() not in ("between", "in"):
                    wrong("expected")
            operator = self.take(*LEVELS[n])
            if operator is None:
                return left
            if operator == "between":
                low = self.level(2)
                self.expect("and")
                left = ("between", left, low, self.level(n + 1))
            elif operator == "in":
                left = ("in", left, self.list())
            else:
                left = (operator, left, self.level(n + 1))
            left = ("not", left) if inverted else left
            if operator == "in":  # complete with its list: what binds more may follow
                left = self.level(n + 1, left)

    def list(self):
        if not self.take("("):
            return self.letter() if len(self.next()) == 1 and self.next().isalpha() else wrong("expected")
        items = [self.level(0)]
        while self.take(","):
            items.append(self.level(0))
        self.expect(")")
        return items

    def letter(self):
        number = ord(self.next()) - ord("a")
        self.at += 1
        return ("letter", number) if number < self.letters else wrong("names no argument")

    def operand(self):
        token = self.next()
        if self.take("("):
            tree = self.level(0)
            self.expect(")")
            return tree
        if self.take("not"):
            return ("not", self.level(2))
        if self.take("-"):
            return -self.integer(2**63) if self.next()[:1].isdigit() else ("neg", self.operand())
        if self.take("+"):
            return self.operand()
        if self.take("~"):
            return ("bit_not", self.operand())
        if token[:1].isdigit():
            return self.integer(MOST)
        if len(token) == 1 and token.isalpha():
            return self.letter()
        if token in FUNCTIONS and self.take(token):
            return (token, *self.arguments(FUNCTIONS[token]))
        return wrong()

    def integer(self, most):
        token = self.next()
        self.at += 1
        value = int(token, 0) if token.startswith("0x") else int(token)
        if token.startswith("0x"):
            return value if value <= MOST else value - 2**64 if value < 2**64 else wrong()
        return value if value <= most else wrong()


def call(name, *operands):
    """A function of the list on arrays and integers; on integers alone as on arrays of one element."""
    body = SCALARS["array_" + name].body
    if any(isinstance(x, list) for x in operands):
        return body(*operands)
    return body(*[[x] for x in operands])[0]


def integer_only(value):
    return wrong("expected an integer") if isinstance(value, list) else value


def mask(value, operands):
    """The value of a condition's operand, as 0 and 1"""
    return call("ne", evaluate(value, operands), 0)


def evaluate(tree, operands):
    if isinstance(tree, int):
        return tree if tree >= LEAST else tree + 2**64
    name, *inputs = tree
    if name == "letter":
        return operands[inputs[0]]
    if name in ("and", "or"):
        left = mask(inputs[0], operands)
        return call("bit_" + name, left, mask(inputs[1], operands))
    if name == "in" and isinstance(inputs[1], list):
        value = evaluate(inputs[0], operands)
        items = [evaluate(x, operands) for x in inputs[1]]
        found = SCALARS["array_isin"].body(value if isinstance(value, list) else [value], [integer_only(x) for x in items])
        return found if isinstance(value, list) else found[0]
    values = [evaluate(x, operands) for x in inputs]
    if name == "in":
        if not isinstance(values[1], list):
            wrong("expected an array")
        found = SCALARS["array_isin"].body(values[0] if isinstance(values[0], list) else [values[0]], values[1])
        return found if isinstance(values[0], list) else found[0]
    if name == "not":
        return call("eq", values[0], 0)
    if name in ("neg", "bit_not"):
        return call("sub", 0, values[0]) if name == "neg" else call("bit_xor", -1, values[0])
    if name == "clip":
        low, high = integer_only(values[1]), integer_only(values[2])
        if low > high:
            raise Fault("lo is greater than hi")
        return call("least", call("greatest", values[0], low), high)
    if name == "between":
        if any(isinstance(x, list) for x in values):
            n = SCALARS["array_where"].body.__globals__["same_length"](*values)
            values = [spread(x, n) for x in values]
            return [int(low <= x <= high) for x, low, high in zip(*values)]
        return int(values[1] <= values[0] <= values[2])
    if name == "where" and not isinstance(values[0], list):
        if any(isinstance(x, list) for x in values):
            wrong("expected an array")
        return values[1] if values[0] else values[2]
    return call(BINARY.get(name, name), *values)


def array_only(value):
    return value if isinstance(value, list) else wrong("expected an array")


def draw(r, earlier):
    operators = ["+", "-", "*", "/", "%", "&", "|", "<<", ">>", "=", "==", "<>", "!=", "<", "<=", ">", ">=", " AND ", " OR "]

    def blank():
        return r.choice(("", "", " ", "\n"))

    def letter():
        return r.choice("aaaaabbbbcA" if r.random() < 0.99 else "z")

    def some(depth):
        p = r.random()
        if depth == 0 or p < 0.1:
            if r.random() < 0.75:
                return letter()
            value = r.choice((0, 1, 2, 3, 7, 100, 1000, draw_integer(r)))
            return blank() + (hex(value) if value >= 0 and r.random() < 0.1 else str(value)) + blank()
        if p < 0.62:
            return some(depth - 1) + blank() + r.choice(operators) + blank() + some(depth - 1)
        if p < 0.74:
            return "(" + some(depth - 1) + ")"
        if p < 0.80:
            return r.choice(("-", "~", "+", " NOT ", " not ")) + some(depth - 1)
        if p < 0.85:
            return some(depth - 1) + r.choice((" BETWEEN ", " NOT BETWEEN ")) + some(depth - 1) + " AND " + some(depth - 1)
        if p < 0.90:
            items = ",".join(r.choice((str(draw_integer(r)), "3", "7", "c", "b")) for _ in range(r.randint(1, 5)))
            return some(depth - 1) + r.choice((" IN ", " NOT IN ")) + (letter() if r.random() < 0.3 else "(" + items + ")")
        name = r.choice(list(FUNCTIONS))
        if name == "clip" and r.random() < 0.9:
            return f"clip({some(depth - 1)}, {r.choice((-5, 0, 1))}, {r.choice((2, 100, 70000, 10**12))})"
        if name == "pow" and r.random() < 0.9:
            return f"pow({some(depth - 1)} % 9, {r.choice((0, 1, 2, 3))})"
        return f"{name}({','.join(some(depth - 1) for _ in range(FUNCTIONS[name]))})"

    depth = r.choice((0, 1, 1, 2, 2, 2, 3, 3, 4, 5))
    if r.random() < 0.4:
        name = r.choice(list(OUTERMOST) + ["filter"] * 4)
        return blank() + name.upper() + f"({','.join(some(depth) for _ in range(OUTERMOST[name]))})"
    return some(depth)


EXPRESSION = Kind(text, draw, "a")


@scalar
def array_eval(expression: EXPRESSION, a: S, *more: S):
    operands = [a, *more]
    tree = Parser(expression, len(operands)).whole()
    if not isinstance(tree, tuple) or tree[0] not in OUTERMOST:
        return array_only(evaluate(tree, operands))
    name, *inputs = tree
    values = [evaluate(x, operands) for x in inputs]
    for value in values:
        array_only(value)
    if name == "count":
        return sum(x != 0 for x in values[0])
    return SCALARS["array_" + name].body(*values)
