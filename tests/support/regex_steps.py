"""Count the steps of a regular expression: a backtracking matcher for the patterns of `re`, without its shortcuts."""

import re
import sys
from re import _compiler, _parser
from re import _constants as op

_CHARACTER = {op.LITERAL, op.NOT_LITERAL, op.ANY, op.ANY_ALL, op.IN}
_GREEDY = {op.MAX_REPEAT, op.POSSESSIVE_REPEAT}


class TooManyStepsError(Exception):
    """A search takes more steps than allowed."""


class StepCounter:
    """Counts the steps of a pattern on a text.

    Args:
        pattern: A compiled pattern.
        limit: Raise `TooManyStepsError` beyond this number.
    """

    def __init__(self, pattern, limit):
        self._parsed = _parser.parse(pattern.pattern, pattern.flags)
        self._flags = pattern.flags
        self._limit = limit
        self._compiled = {}
        self._known = {}
        self._match = self._sequence(list(self._parsed))

    def count(self, text, method):
        """Return the steps of `match`, `fullmatch`, or another method, which finds all matches."""
        self._text, self._steps, self._groups = text, 0, {}
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(20_000)
        try:
            self._run(text, method)
        finally:
            sys.setrecursionlimit(before)
        return self._steps

    def _run(self, text, method):
        if method in ("match", "fullmatch"):
            self._match(0, lambda end: method == "match" or end == len(text))
            return
        ends = []
        at = 0
        while at <= len(text):
            found = self._match(at, lambda end: ends.append(end) or True)
            at = max(at + 1, ends[-1]) if found else at + 1

    def _step(self):
        self._steps += 1
        if self._steps > self._limit:
            raise TooManyStepsError

    def _real(self, node):
        """Return a node as a compiled pattern."""
        if id(node) not in self._compiled:
            part = _parser.SubPattern(self._parsed.state, [node])
            self._compiled[id(node)] = _compiler.compile(part, self._flags)
        return self._compiled[id(node)]

    def _sequence(self, nodes):
        if not nodes:
            return lambda at, then: then(at)
        first, rest = self._node(nodes[0]), self._sequence(nodes[1:])
        return lambda at, then: first(at, lambda end: rest(end, then))

    def _node(self, node):
        kind, value = node
        if kind in _CHARACTER:
            return self._character(node)
        if kind is op.BRANCH:
            branches = [self._sequence(list(each)) for each in value[1]]
            return lambda at, then: any(branch(at, then) for branch in branches)
        if kind is op.SUBPATTERN:
            return self._group(value[0], self._sequence(list(value[3])))
        if kind is op.ATOMIC_GROUP:
            return self._atomic(self._sequence(list(value)))
        if kind in _GREEDY or kind is op.MIN_REPEAT:
            low, high, body = value
            repeat = self._repeat(low, high, self._sequence(list(body)), lazy=kind is op.MIN_REPEAT)
            return self._atomic(repeat) if kind is op.POSSESSIVE_REPEAT else repeat
        if kind in (op.ASSERT, op.ASSERT_NOT) and value[0] > 0:
            inside, wanted = self._sequence(list(value[1])), kind is op.ASSERT
            return lambda at, then: inside(at, lambda _: True) is wanted and then(at)
        if kind is op.GROUPREF:
            return self._reference(value)
        assert kind in (op.AT, op.ASSERT, op.ASSERT_NOT), kind
        real = self._real(node)
        return lambda at, then: real.match(self._text, at) is not None and then(at)

    def _character(self, node):
        def match(at, then):
            self._step()
            if at == len(self._text):
                return False
            character = self._text[at]
            key = id(node), character
            if key not in self._known:
                self._known[key] = self._real(node).fullmatch(character) is not None
            return self._known[key] and then(at + 1)

        return match

    def _group(self, number, inside):
        def match(at, then):
            def close(end):
                self._groups[number] = self._text[at:end]
                return then(end)

            return inside(at, close)

        return match

    def _reference(self, number):
        def match(at, then):
            self._step()
            text = self._groups.get(number)
            return text is not None and self._text.startswith(text, at) and then(at + len(text))

        return match

    def _atomic(self, inside):
        def match(at, then):
            ends = []
            return inside(at, lambda end: ends.append(end) or True) and then(ends[-1])

        return match

    def _repeat(self, low, high, body, *, lazy):
        def match(at, then, done=0):
            self._step()

            def again():
                return done < high and body(
                    at, lambda end: (end > at or done < low) and match(end, then, done + 1)
                )

            if lazy:
                return (done >= low and then(at)) or again()
            return again() or (done >= low and then(at))

        return match


def samples(pattern):
    """Return short texts made of the parts of a pattern, to build attacks from: characters and matches of its nodes."""
    found = []

    def sample(nodes):
        text = ""
        for kind, value in nodes:
            piece = part(kind, value)
            found.append(piece)
            text += piece
            found.append(text)
        return text

    def part(kind, value):
        if kind is op.LITERAL:
            return chr(value)
        if kind is op.NOT_LITERAL:
            return "x" if value != ord("x") else "y"
        if kind in (op.ANY, op.ANY_ALL):
            return "x"
        if kind is op.IN:
            characters = [
                each for each in "xA0 \n-_./:=\"'<>[](){}\\$`*~+,;\x1b\x07?@!#|" if _is_in(value, each)
            ]
            found.extend(characters[:4])
            return characters[0] if characters else _of_class(value)
        if kind is op.BRANCH:
            return max((sample(list(each)) for each in value[1]), key=len)
        if kind is op.SUBPATTERN:
            return sample(list(value[3]))
        if kind is op.ATOMIC_GROUP:
            return sample(list(value))
        if kind in _GREEDY or kind is op.MIN_REPEAT:
            low, high, body = value
            once = sample(list(body))
            return once * max(low, min(high, 1))
        if kind in (op.ASSERT, op.ASSERT_NOT):
            sample(list(value[1]))
        return ""

    sample(list(_parser.parse(pattern.pattern, pattern.flags)))
    return [text for text in dict.fromkeys(found) if text]


def _is_in(items, character):
    return re.compile(_text_of(items), re.DOTALL).fullmatch(character) is not None


def _of_class(items):
    first = next(value for kind, value in items if kind in (op.LITERAL, op.RANGE))
    return chr(first if isinstance(first, int) else first[0])


def _text_of(items):
    classes = {
        op.CATEGORY_DIGIT: r"\d",
        op.CATEGORY_NOT_DIGIT: r"\D",
        op.CATEGORY_SPACE: r"\s",
        op.CATEGORY_NOT_SPACE: r"\S",
        op.CATEGORY_WORD: r"\w",
        op.CATEGORY_NOT_WORD: r"\W",
    }
    text = ""
    for kind, value in items:
        if kind is op.NEGATE:
            text += "^"
        elif kind is op.LITERAL:
            text += f"\\U{value:08x}"
        elif kind is op.RANGE:
            text += f"\\U{value[0]:08x}-\\U{value[1]:08x}"
        else:
            text += classes[value]
    return f"[{text}]"
