"""How the model's scalar functions are listed: a Python function whose annotations are the kinds of its parameters."""

import inspect

from values import LEAST, MOST, Fault, TooBig

SCALARS = {}


class Scalar:
    def __init__(self, body):
        self.body = body
        parameters = list(inspect.signature(body).parameters.values())
        self.kinds = [p.annotation for p in parameters if p.kind is not p.VAR_POSITIONAL]
        self.least = sum(p.default is p.empty and p.kind is not p.VAR_POSITIONAL for p in parameters)
        self.more = next((p.annotation for p in parameters if p.kind is p.VAR_POSITIONAL), None)

    def kind(self, i):
        return self.kinds[i] if i < len(self.kinds) else self.more

    def draw(self, r):
        """Values and lists for the parameters, of which some may be left out."""
        count = r.randint(self.least, len(self.kinds))
        if self.more and count == len(self.kinds):
            count += r.choice((0, 1, 1, 2, 3, r.randint(0, 20)))
        arguments = []
        for i in range(count):
            arguments.append(self.kind(i).draw(r, arguments))
        return arguments

    def __call__(self, arguments):
        """The result, in which a list stands for the canonical blob; or a Fault or TooBig."""
        kinds = [self.kind(i) for i in range(len(arguments))]
        if any(x is None and not kind.element for x, kind in zip(arguments, kinds)):
            return None
        read, faults = [], []
        for i, (value, kind) in enumerate(zip(arguments, kinds)):
            try:
                read.append(kind.read(value))
            except Fault as fault:
                faults += [r".*\bargument %d\b.*" % (i + 1) + pattern for pattern in fault.patterns]
                read.append(kind.harmless)
        if faults:  # what is wrong with other arguments may be found first
            try:
                self.body(*read)
            except Fault as fault:
                faults += fault.patterns
            except TooBig:
                faults.append("")
            raise Fault(*faults)
        return self.body(*read)


def scalar(body):
    SCALARS[body.__name__] = Scalar(body)
    return body


def named(name, body, *kinds):
    """Lists a function that is one of many alike."""
    parameters = [inspect.Parameter(f"p{i}", inspect.Parameter.POSITIONAL_ONLY, annotation=kind) for i, kind in enumerate(kinds)]
    body.__signature__ = inspect.Signature(parameters)
    SCALARS[name] = Scalar(body)


def fit(x, i):
    """x as element i, from 0."""
    if not LEAST <= x <= MOST:
        raise Fault(r"integer overflow at element %d\b" % (i + 1))
    return x


def whole(x):
    """x as the only result."""
    if not LEAST <= x <= MOST:
        raise Fault("integer overflow")
    return x


def same_length(*operands):
    """The length of those that are arrays."""
    lengths = [len(x) for x in operands if isinstance(x, list)]
    if not lengths:
        raise Fault()
    for n in lengths:
        if n != lengths[0]:
            raise Fault(r"length mismatch: %d and %d\b" % (lengths[0], n))
    return lengths[0]


def spread(x, n):
    return x if isinstance(x, list) else [x] * n


def elementwise(name, operation, *kinds):
    """operation(x, y, ..) for each element; ZeroDivisionError and ValueError are faults."""

    def body(*operands):
        n = same_length(*operands)
        result = []
        for i, elements in enumerate(zip(*[spread(x, n) for x in operands])):
            try:
                result.append(fit(operation(*elements), i))
            except ZeroDivisionError:
                raise Fault(r"division by zero at element %d\b" % (i + 1)) from None
            except ValueError:
                raise Fault(r".*\belement %d\b" % (i + 1)) from None
        return result

    named(name, body, *kinds)


def place(i, n):
    """The place from 0 of index i among n elements, or None outside."""
    return i - 1 if 1 <= i <= n else n + i if -n <= i <= -1 else None
