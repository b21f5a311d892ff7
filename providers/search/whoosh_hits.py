"""Hits of a query over all segments of the Whoosh index: order, facets, ranking of the newest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from providers.search.whoosh_segment import Evaluation, Mask, Segment, Weights
from records.search.port import WINDOW
from records.search.tree import Node, positive

_HEAD_WEIGHT: Final = 6.0
_SATURATION: Final = 1.2
_LENGTH_PART: Final = 0.5


@dataclass(frozen=True)
class View:
    """A segment as one generation of the index sees it."""

    segment: Segment
    living: Mask


class Found:
    """All hits of a query over the segments, as parallel arrays."""

    def __init__(
        self, views: Sequence[View], evaluations: Sequence[Evaluation], places: Sequence[Any]
    ) -> None:
        self._views = views
        self._evaluations = evaluations
        self.order = np.concatenate(
            [view.segment.order[place] for view, place in zip(views, places, strict=True)]
            or [np.zeros(0, dtype=np.int64)]
        )
        self._segment = np.repeat(np.arange(len(views)), [len(place) for place in places])
        self._place = np.concatenate([*places, np.zeros(0, dtype=np.int64)]).astype(np.int64)

    @classmethod
    def of(
        cls,
        views: Sequence[View],
        query: Node,
        groups: Sequence[Sequence[str]],
        days: tuple[int, int],
        *,
        staff: bool,
    ) -> Found:
        evaluations, places = [], []
        for view in views:
            evaluation = Evaluation(view.segment, staff=staff)
            mask = evaluation.mask(query) & view.living
            for group in groups:
                mask &= view.segment.carries(group)
            mask &= (view.segment.order >= days[0]) & (view.segment.order <= days[1])
            evaluations.append(evaluation)
            places.append(np.nonzero(mask)[0])
        return cls(views, evaluations, places)

    def newest(self, most: int) -> NDArray[np.int64]:
        """Which hits are the newest, newest first."""
        if len(self.order) > 2 * most:
            some = np.argpartition(-self.order, most)[:most]
            return some[np.argsort(-self.order[some])]
        return np.argsort(-self.order)[:most]

    def facets(self, shown: NDArray[np.int64]) -> dict[str, dict[str, int]]:
        facets: dict[str, dict[str, int]] = {"kind": {}, "state": {}}
        for number, view in enumerate(self._views):
            places = self._place[shown[self._segment[shown] == number]]
            segment = view.segment
            for name, codes, values in (
                ("kind", segment.kind, segment.kinds),
                ("state", segment.state, segment.states),
            ):
                for code, count in enumerate(np.bincount(codes[places], minlength=len(values))):
                    if count:
                        facets[name][values[code]] = facets[name].get(values[code], 0) + int(count)
        return facets

    def ranked(self, query: Node, newest: NDArray[np.int64]) -> tuple[NDArray[np.int64], Weights]:
        """The window by BM25, the rest by age."""
        window = newest[:WINDOW]
        scores = np.zeros(len(newest), dtype=np.float32)
        every = sum(view.segment.size for view in self._views)
        average = (
            float(np.mean(np.concatenate([view.segment.length for view in self._views]))) if every else 1.0
        )
        for leaf in dict.fromkeys(positive(query)):
            found = [evaluation.leaves.get(leaf) for evaluation in self._evaluations]
            carried = sum(int(np.count_nonzero(weights)) for weights in found if weights is not None)
            rarity = math.log(1 + (every - carried + 0.5) / (carried + 0.5))
            for number, (view, weights) in enumerate(zip(self._views, found, strict=True)):
                here = np.nonzero(self._segment[window] == number)[0]
                if weights is None or not len(here):
                    continue
                places = self._place[window[here]]
                heads = self._evaluations[number].head(leaf)[places]
                often = weights[places] + _HEAD_WEIGHT * heads
                norm = 1 - _LENGTH_PART + _LENGTH_PART * view.segment.length[places] / average
                scores[here] += rarity * often * (_SATURATION + 1) / (often + _SATURATION * norm)
        ranked = np.lexsort((-self.order[window], -scores[: len(window)]))
        return (
            np.concatenate([window[ranked], newest[WINDOW:]]),
            np.concatenate([scores[ranked], scores[WINDOW:]]),
        )
