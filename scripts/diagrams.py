"""``docs/diagrams/workflow-<kind>.svg`` from the workflow table; a test holds them equal to it.

    python scripts/diagrams.py

States stand in layers, as many steps from filing as the longest way without turning back; a
numbered arrow is a move, its legend says which steps make it, who takes them and by which law.
"""

import html
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))
FOLDER = BASE / "docs" / "diagrams"
WIDTH, HEIGHT, GAP_X, GAP_Y = 176, 46, 22, 44
LINE, LEGEND = 17, 560
START = "submitted"
HEAD = 'xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t"'
STYLE = (
    "text{font:12px 'Be Vietnam Pro',sans-serif;fill:#1c2733}"
    ".s{fill:#fff;stroke:#3b5b7d;stroke-width:1.5}.c{fill:#eef1f4;stroke:#7a8794}"
    ".v{font-size:10px;fill:#5b6773}.n{font-size:10px;font-weight:600}"
    "path{fill:none;stroke:#8a9bad;stroke-width:1.2}.b{stroke-dasharray:4 3;stroke:#c07a3a}"
    ".h{font-size:15px;font-weight:600}"
)
Move = tuple[str, str]


def diagrams() -> dict[str, str]:
    """The text of each diagram by its file name."""
    from petitions.workflow import ALL_KINDS

    return {f"workflow-{kind}.svg": svg(kind) for kind in sorted(ALL_KINDS)}


def svg(kind: str) -> str:
    """The diagram of one kind of petition."""
    steps = steps_by_move(kind)
    ranks, back = ranked(steps)
    places = placed(ranks, [move for move in steps if move not in back])
    right = max(x for x, _y in places.values()) + WIDTH + 60
    bottom = max(y for _x, y in places.values()) + HEIGHT
    height = max(bottom, 60 + LINE * (len(numbered(steps)) + 2)) + 30
    parts = [
        f'<svg {HEAD} viewBox="0 0 {right + LEGEND} {height}">',
        f'<title id="t">Workflow: {kind}</title><style>{STYLE}</style>',
        f'<rect width="{right + LEGEND}" height="{height}" fill="#fbfcfd"/>',
        f'<text class="h" x="20" y="28">{html.escape(title(kind))}</text>',
        *arrows(steps, places, back),
        *boxes(places),
        *legend(steps, right),
        "</svg>\n",
    ]
    return "\n".join(parts)


def steps_by_move(kind: str) -> dict[Move, list[str]]:
    """For each pair of states, the steps that lead from one to the other."""
    from petitions.workflow import TRANSITIONS

    found: dict[Move, list[str]] = defaultdict(list)
    for row in TRANSITIONS:
        for source in sorted(row.sources) if kind in row.kinds and row.target else ():
            assert row.target is not None
            found[source.value, row.target.value].append(row.action.value)
    return reachable(found)


def reachable(steps: dict[Move, list[str]]) -> dict[Move, list[str]]:
    """Only the moves that start in a state that a filed petition can come to."""
    known, todo = {START}, [START]
    while todo:
        here = todo.pop()
        for old, new in steps:
            if old == here and new not in known:
                known.add(new)
                todo.append(new)
    return {move: words for move, words in steps.items() if move[0] in known}


def ranked(steps: Iterable[Move]) -> tuple[dict[str, int], set[Move]]:
    """The layer of each state, and the moves that turn back (found going depth first)."""
    after: dict[str, list[str]] = defaultdict(list)
    for old, new in steps:
        after[old].append(new)
    back: set[Move] = set()
    order: list[str] = []
    _visit(START, after, [], back, order)
    ranks: dict[str, int] = {START: 0}
    for state in reversed(order):
        for new in after[state]:
            if (state, new) not in back:
                ranks[new] = max(ranks.get(new, 0), ranks[state] + 1)
    return ranks, back


def _visit(
    state: str, after: dict[str, list[str]], way: list[str], back: set[Move], order: list[str]
) -> None:
    for new in after[state]:
        if new == state or new in way:
            back.add((state, new))
        elif new not in order:
            _visit(new, after, [*way, state], back, order)
    order.append(state)


def placed(ranks: dict[str, int], forward: list[Move]) -> dict[str, tuple[int, int]]:
    """Left upper corners: layers downwards, in a layer near what leads there."""
    layers: dict[int, list[str]] = defaultdict(list)
    for state in sorted(ranks, key=lambda name: (ranks[name], name)):
        layers[ranks[state]].append(state)
    column = {state: n for layer in layers.values() for n, state in enumerate(layer)}
    for rank in sorted(layers):
        pull = {
            state: [column[old] for old, new in forward if new == state] for state in layers[rank]
        }
        layers[rank].sort(key=lambda s: (sum(pull[s]) / max(1, len(pull[s])), s))
        column |= {state: n for n, state in enumerate(layers[rank])}
    widest = max(len(layer) for layer in layers.values())
    return {
        state: (
            round(20 + (WIDTH + GAP_X) * (number + (widest - len(layer)) / 2)),
            50 + (HEIGHT + GAP_Y) * rank,
        )
        for rank, layer in layers.items()
        for number, state in enumerate(layer)
    }


def arrows(
    steps: dict[Move, list[str]], places: dict[str, tuple[int, int]], back: set[Move]
) -> Iterable[str]:
    numbers = numbered(steps)
    starts = slots(steps, places, here=0)
    ends = slots(steps, places, here=1)
    for move, actions in steps.items():
        mark = ",".join(str(numbers[action]) for action in actions)
        start, end = (starts[move], places[move[0]][1]), (ends[move], places[move[1]][1])
        yield from arrow(start, end, mark, f"{move[0]} → {move[1]}", is_back=move in back)


def slots(
    steps: Iterable[Move], places: dict[str, tuple[int, int]], *, here: int
) -> dict[Move, int]:
    """Where each arrow leaves (``here`` 0) or reaches (1) its box, sorted by its other end."""
    by_box: dict[str, list[Move]] = defaultdict(list)
    for move in steps:
        by_box[move[here]].append(move)
    return {
        move: places[box][0] + WIDTH * (number + 1) // (len(moves) + 1)
        for box, moves in by_box.items()
        for number, move in enumerate(sorted(moves, key=lambda m: (places[m[1 - here]], m)))
    }


def arrow(
    start: tuple[int, int], end: tuple[int, int], mark: str, words: str, *, is_back: bool
) -> Iterable[str]:
    """One arrow with its head and its number; what turns back leaves upwards, dashed."""
    (x1, y1), (x2, y2) = start, end
    top, bottom = (y1, y2 + HEIGHT) if is_back else (y1 + HEIGHT, y2)
    way = -1 if is_back else 1
    bend = 40 * way
    path = f"M{x1} {top} C{x1} {top + bend} {x2} {bottom - bend} {x2} {bottom}"
    turned = ' class="b"' if is_back else ""
    yield f'<path{turned} d="{path}"><title>{mark}: {words}</title></path>'
    foot = bottom - 6 * way
    yield f'<path d="M{x2 - 3} {foot} L{x2} {bottom} L{x2 + 3} {foot}"/>'
    yield f'<text class="n" x="{x1 + 2}" y="{top + (-4 if is_back else 11)}">{mark}</text>'


def numbered(steps: dict[Move, list[str]]) -> dict[str, int]:
    """A number for each step, in the order of the table."""
    actions = dict.fromkeys(action for found in steps.values() for action in found)
    return {action: number for number, action in enumerate(actions, start=1)}


def boxes(places: dict[str, tuple[int, int]]) -> Iterable[str]:
    from django.utils.translation import gettext

    from petitions.workflow import CLOSED_STATUSES, status_label

    for state, (x, y) in places.items():
        kind = "s c" if state in CLOSED_STATUSES else "s"
        label = html.escape(gettext(status_label(state)))
        yield f'<rect class="{kind}" x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
        squeeze = f' textLength="{WIDTH - 14}" lengthAdjust="spacingAndGlyphs"'
        fit = squeeze if len(label) > 24 else ""
        yield f'<text x="{x + 7}" y="{y + 20}"{fit}>{label}</text>'
        yield f'<text class="v" x="{x + 7}" y="{y + 36}">{state}</text>'


def legend(steps: dict[Move, list[str]], x: int) -> Iterable[str]:
    from django.utils.translation import gettext

    from petitions.workflow import BY_ACTION, Action, Side

    for action, number in numbered(steps).items():
        row = BY_ACTION[Action(action)]
        side = "" if row.side is Side.HOLDER else f", {row.side.value}"
        words = f"{number}. {gettext(row.label)} ({row.permission}{side}; {row.basis})"
        text = html.escape(words)
        yield f'<text class="v" x="{x}" y="{50 + LINE * number}">{text}</text>'


def title(kind: str) -> str:
    from petitions.enums import Kind

    return f"{Kind(kind).label.capitalize()} ({kind})"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_portal.settings.test")
    import django
    from django.utils import translation

    django.setup()
    FOLDER.mkdir(exist_ok=True)
    with translation.override("vi"):
        for name, text in diagrams().items():
            (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
