"""Answer what is asked of matplotlib (see `libraries.Library`): a figure is what was drawn in it, not its picture."""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Any

import numpy as np

from grader.runner.inside.loaded import loaded

NAME = "matplotlib"
ENVIRONMENT = {"MPLBACKEND": "Agg"}
_MOST = 1000
"""Things of one kind in a picture that are described."""
_DPI = 60
"""A figure of the usual size becomes a picture of 384x288 pixels."""


def is_layer(value: object) -> bool:
    """Return whether a value is a figure or axes."""
    return isinstance(value, loaded("matplotlib.figure", "Figure") + loaded("matplotlib.axes", "Axes"))


def describe(layer: Any, input_shape: tuple[int | None, ...] | None) -> dict[str, Any]:
    """Return a figure as its title and axes, and axes as what is written and drawn in them."""
    if isinstance(layer, loaded("matplotlib.figure", "Figure")):
        title = getattr(layer, "_suptitle", None)
        return {
            "title": "" if title is None else title.get_text(),
            "axes": [_axes(item) for item in layer.axes],
        }
    return {"title": layer.get_title(), "axes": [_axes(layer)]}


def begin() -> None:
    """Close the figures that pyplot draws in, as a notebook does after each cell; who has one keeps it."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    close = getattr(pyplot, "close", None)
    if close is not None:
        close("all")


def left_open() -> Any:
    """Return the figure that pyplot draws in; None where there is none."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    return pyplot.gcf() if pyplot is not None and pyplot.get_fignums() else None


def picture(layer: Any) -> bytes:
    """Return a figure, or that of axes, as a small PNG."""
    file = io.BytesIO()
    layer.get_figure().savefig(file, format="png", dpi=_DPI)
    return file.getvalue()


def _axes(axes: Any) -> dict[str, Any]:
    legend = axes.get_legend()
    bars = [item for item in axes.containers if type(item).__name__ == "BarContainer"]
    drawn = {id(patch) for item in bars for patch in item.patches}
    loose = [patch for patch in axes.patches if id(patch) not in drawn and hasattr(patch, "get_height")]
    return {
        "title": axes.get_title(),
        "xlabel": axes.get_xlabel(),
        "ylabel": axes.get_ylabel(),
        "xscale": axes.get_xscale(),
        "yscale": axes.get_yscale(),
        "xlim": [float(item) for item in axes.get_xlim()],
        "ylim": [float(item) for item in axes.get_ylim()],
        "xticklabels": [item.get_text() for item in axes.get_xticklabels()[:_MOST]],
        "lines": [
            {**_line(item), "label": _label(item), "color": str(item.get_color())}
            for item in axes.lines[:_MOST]
        ],
        "points": [
            {"xy": np.ma.filled(np.ma.asarray(item.get_offsets(), float), np.nan), "label": _label(item)}
            for item in axes.collections[:_MOST]
            if type(item).__name__ == "PathCollection"
        ],
        "bars": [_bars(item.patches, _label(item), getattr(item, "orientation", "")) for item in bars[:_MOST]]
        + ([_bars(loose, "", "")] if loose else []),
        "images": [np.ma.filled(np.ma.asarray(item.get_array()), 0) for item in axes.images[:_MOST]],
        "legend": None if legend is None else [item.get_text() for item in legend.get_texts()[:_MOST]],
    }


def _line(line: Any) -> dict[str, Any]:
    found = {}
    for name in ("x", "y"):
        # With units, as dates and names of categories have, or where that fails without.
        values = getattr(line, f"get_{name}data")(orig=False)
        with contextlib.suppress(TypeError, ValueError):
            values = np.asarray(values, float)
        found[name] = np.asarray(values)
    return found


def _bars(patches: Any, label: str, orientation: str) -> dict[str, Any]:
    """Return bars by their places and lengths, along whichever way they stand."""
    lies = orientation == "horizontal"
    place, size, start, length = ("y", "height", "x", "width") if lies else ("x", "width", "y", "height")

    def of(name: str) -> np.ndarray:
        return np.array([float(getattr(patch, f"get_{name}")()) for patch in patches])

    return {"label": label, "at": of(place) + of(size) / 2, "lengths": of(length), "starts": of(start)}


def _label(item: Any) -> str:
    label = str(item.get_label())
    return "" if label.startswith("_") else label
