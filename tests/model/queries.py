"""The query language of array_match: integers, !, &, | and brackets."""

from kinds import Kind, draw_integer, first, text
from values import Fault, Scanner


def parse(source):
    """A tree of ('|', a, b), ('&', a, b), ('!', a) and integers."""
    scan = Scanner(source)

    def disjunction():
        left = conjunction()
        while scan.take(b"|"):
            left = ("|", left, conjunction())
        return left

    def conjunction():
        left = factor()
        while scan.take(b"&"):
            left = ("&", left, factor())
        return left

    def factor():
        scan.blanks()
        if scan.take(b"!"):
            return ("!", factor())
        if scan.take(b"("):
            tree = disjunction()
            if not scan.take(b")"):
                scan.fault()
        else:
            tree = scan.integer()
        scan.blanks()
        return tree

    scan.blanks()
    if scan.at == len(scan.text):
        raise Fault(".*empty")
    tree = disjunction()
    if scan.at < len(scan.text):
        scan.fault()
    return tree


def answers(tree, elements):
    if isinstance(tree, int):
        return tree in elements
    operands = [answers(x, elements) for x in tree[1:]]
    return not operands[0] if tree[0] == "!" else all(operands) if tree[0] == "&" else any(operands)


def draw(r, earlier):
    known = first(earlier)

    def some(depth):
        p = r.random()
        blank = r.choice(("", " ", "", "\n\t"))
        if depth == 0 or p < 0.3:
            return blank + str(r.choice(known) if known and r.random() < 0.6 else draw_integer(r)) + blank
        if p < 0.45:
            return "!" + some(depth - 1)
        if p < 0.6:
            return blank + "(" + some(depth - 1) + ")" + blank
        return some(depth - 1) + r.choice("&|") + some(depth - 1)

    return some(r.randint(0, 5))


QUERY = Kind(lambda value: parse(text(value)), draw, 1)
