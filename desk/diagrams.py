"""The way of a kind as a picture: where each state stands and how the moves run (R-41)."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.engine import Transition, Workflow

WIDTH, HEIGHT, GAP_X, GAP_Y, EDGE = 168, 44, 64, 40, 24


@dataclass(frozen=True)
class Box:
    """A state on the picture."""

    state: str
    x: int
    y: int
    final: bool


@dataclass(frozen=True)
class Arrow:
    """A move on the picture; its number leads to the table below."""

    number: int
    path: str
    x: int
    y: int
    automatic: bool


@dataclass(frozen=True)
class Diagram:
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int
    moves: tuple[Transition, ...]


def diagram(workflow: Workflow) -> Diagram:
    """Columns by the number of steps from the beginning, rows within a column in the order of the table."""
    steps = _steps(workflow)
    columns: dict[int, list[str]] = {}
    for state in workflow.states:
        columns.setdefault(steps.get(state, 0), []).append(state)
    place = {
        state: (EDGE + column * (WIDTH + GAP_X), EDGE + row * (HEIGHT + GAP_Y) + column % 2 * 22)
        for column, states in columns.items()
        for row, state in enumerate(states)
    }
    finals = workflow.final_states()
    boxes = tuple(Box(state, *place[state], state in finals) for state in workflow.states)
    arrows = tuple(_arrow(number, move, place, steps) for number, move in enumerate(workflow.transitions, 1))
    low = max(y for _, y in place.values()) + HEIGHT
    return Diagram(
        boxes,
        arrows,
        EDGE * 2 + len(columns) * WIDTH + (len(columns) - 1) * GAP_X,
        low + EDGE + (50 if any(steps[t.target] < steps[t.source] for t in workflow.transitions) else 0),
        workflow.transitions,
    )


def _steps(workflow: Workflow) -> dict[str, int]:
    steps, edge = {workflow.initial: 0}, [workflow.initial]
    while edge:
        state = edge.pop(0)
        for move in workflow.leaving(state):
            if move.target not in steps:
                steps[move.target] = steps[state] + 1
                edge.append(move.target)
    order = sorted(set(steps.values()))
    return {state: order.index(step) for state, step in steps.items()}


def _arrow(number: int, move: Transition, place: dict[str, tuple[int, int]], steps: dict[str, int]) -> Arrow:
    (x1, y1), (x2, y2) = place[move.source], place[move.target]
    spread = number % 5 * 6 - 12
    if steps[move.target] > steps[move.source]:
        a, b = (x1 + WIDTH, y1 + HEIGHT // 2 + spread // 2), (x2, y2 + HEIGHT // 2 + spread // 2)
        bend = (b[0] - a[0]) // 2
        path = f"M{a[0]} {a[1]} C{a[0] + bend} {a[1]} {b[0] - bend} {b[1]} {b[0]} {b[1]}"
        middle = (a[0] + b[0]) // 2, (a[1] + b[1]) // 2
    elif steps[move.target] == steps[move.source]:
        down = y2 >= y1
        a = (x1 + WIDTH // 2 + spread, y1 + HEIGHT if down else y1)
        b = (x2 + WIDTH // 2 + spread, y2 if down else y2 + HEIGHT)
        path = f"M{a[0]} {a[1]} L{b[0]} {b[1]}"
        middle = (a[0] + b[0]) // 2, (a[1] + b[1]) // 2
    else:
        a, b = (x1 + WIDTH // 2 + spread, y1 + HEIGHT), (x2 + WIDTH // 2 + spread, y2 + HEIGHT)
        low = max(a[1], b[1]) + 34 + number % 3 * 8
        path = f"M{a[0]} {a[1]} C{a[0]} {low} {b[0]} {low} {b[0]} {b[1]}"
        middle = (a[0] + b[0]) // 2, low - (low - max(a[1], b[1])) // 4
    return Arrow(number, path, *middle, move.automatic_only)
