"""What the exceptions that beginners meet mean: one table, from an exception's type and text to a sentence.

Each sentence is true wherever its row fits, whatever was meant to be done; where that cannot be, there is no row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_NAMED_LIBRARIES = {
    "np": "import numpy as np",
    "tf": "import tensorflow as tf",
    "keras": "import keras",
    "plt": "import matplotlib.pyplot as plt",
    "pd": "import pandas as pd",
}
"""What these names stand for, in every course and book."""

_MEANINGS: tuple[tuple[str, str, str], ...] = (
    # The shapes of two operands.
    (
        "broadcast_into",
        "ValueError",
        r"could not broadcast input array from shape|^non-broadcastable output operand",
    ),
    (
        "broadcast",
        "ValueError|InvalidArgumentError",
        r"^operands could not be broadcast together|^shape mismatch: objects cannot be broadcast"
        r"|^Incompatible shapes: \[[\d,]*\] vs\. \[[\d,]*\]|^required broadcastable shapes",
    ),
    (
        "broadcast",
        "RuntimeError|TypeError|ValueError",
        r"^The size of tensor a \(\d+\) must match the size of tensor b|incompatible shapes for broadcasting"
        r"|^Incompatible shapes for broadcasting",
    ),
    (
        "matmul",
        "ValueError|InvalidArgumentError",
        r"^matmul: Input operand \d has a mismatch in its core dimension|^shapes \(\d.*\) and \(\d.*\) not aligned"
        r"|^Matrix size-incompatible: In\[0\]",
    ),
    (
        "matmul",
        "RuntimeError|TypeError",
        r"^mat1 and mat2 shapes cannot be multiplied|^size mismatch, got input|^inconsistent tensor size, expected tensor"
        r"|^Expected size for first two dimensions of batch2 tensor|^dot_general requires contracting dimensions",
    ),
    (
        "reshape",
        "ValueError|InvalidArgumentError",
        r"^cannot reshape array of size|^Input to reshape is a tensor with \d+ values",
    ),
    (
        "reshape",
        "RuntimeError|TypeError",
        r"^shape '\[.*\]' is invalid for input of size|^cannot reshape array of shape",
    ),
    (
        "concatenate",
        "ValueError|InvalidArgumentError",
        r"^all the input array dimensions except for the concatenation axis"
        r"|^ConcatOp : Dimension \d+ in both shapes must be equal",
    ),
    (
        "concatenate",
        "RuntimeError|TypeError",
        r"^Sizes of tensors must match except in dimension|^Cannot concatenate arrays with shapes that differ",
    ),
    (
        "stack",
        "ValueError|InvalidArgumentError",
        r"^[Aa]ll input arrays must have the same shape|^Shapes of all inputs must match",
    ),
    ("stack", "RuntimeError", r"^stack expects each tensor to be equal size"),
    (
        "ragged",
        "ValueError",
        r"^setting an array element with a sequence\. The requested array has an inhomogeneous"
        r"|^Can't convert non-rectangular Python sequence to Tensor|^expected sequence of length \d+ at dim",
    ),
    # Axes and indices.
    ("axis", "AxisError|ValueError", r"^axis -?\d+ is out of bounds for array of dimension [1-9]"),
    ("axis", "IndexError", r"^Dimension out of range \(expected to be in range of"),
    ("axis", "InvalidArgumentError", r"^Invalid reduction dimension"),
    (
        "index_number",
        "TypeError",
        r"^'float' object cannot be interpreted as an integer|^list indices must .*, not float",
    ),
    (
        "index_number",
        "IndexError|TypeError",
        r"^only integers, slices \(`:`\)|^Only integers, slices \(`:`\)",
    ),
    ("index_number", "TypeError", r"^slice indices must be integers"),
    ("list_index", "TypeError", r"^list indices must be integers or slices, not tuple"),
    (
        "too_many_indices",
        "IndexError|InvalidArgumentError",
        r"^[Tt]oo many indices(?: for array|: array is| for tensor)|^Index out of range using input dim",
    ),
    ("tuple_index", "IndexError", r"^tuple index out of range"),
    ("index", "IndexError", r"^list index out of range|^index -?\d+ is out of bounds for (?:axis|dimension)"),
    ("index", "InvalidArgumentError", r"^slice index -?\d+ of dimension \d+ out of bounds"),
    # What an object can do.
    ("tensor_assignment", "TypeError", r"EagerTensor' object does not support item assignment"),
    ("tuple_assignment", "TypeError", r"^'tuple' object does not support item assignment"),
    ("read_only", "ValueError", r"^(?:output array|assignment destination) is read-only"),
    ("tensor_method", "AttributeError", r"\bEagerTensor'? object has no attribute"),
    (
        "list_array",
        "AttributeError",
        r"^'list' object has no attribute '(?:shape|ndim|dtype|reshape|astype|max|min|sum|mean|T)'",
    ),
    ("sequence_times", "TypeError", r"^can't multiply sequence by non-int of type 'float'"),
    (
        "none",
        "AttributeError|TypeError",
        r"^'NoneType' object (?:has no attribute|is not (?:subscriptable|iterable|callable))",
    ),
    (
        "none",
        "AttributeError|TypeError",
        r"^unsupported operand type\(s\) for .*'NoneType'|^object of type 'NoneType' has no len",
    ),
    ("none", "AttributeError|TypeError", r"^'[<>=]+' not supported between instances of .*'NoneType'"),
    ("not_callable", "TypeError", r"^'(?!NoneType)[\w.]+' object is not callable"),
    (
        "not_subscriptable",
        "TypeError",
        r"^'(?:function|builtin_function_or_method|method)' object is not subscriptable",
    ),
    ("truth", "ValueError", r"^The truth value of an array with more than one element is ambiguous"),
    ("truth_tensor", "RuntimeError", r"^Boolean value of Tensor with more than one value is ambiguous"),
    # Numbers.
    ("integer_range", "OverflowError", r"^Python integer -?\d+ out of bounds for u?int\d+"),
    (
        "mixed_dtypes",
        "ValueError",
        r"^Incompatible type conversion requested to type u?int\d+ for `tf\.Variable",
    ),
    (
        "mixed_dtypes",
        "InvalidArgumentError",
        r"^cannot compute \w+ as input #\d+\(zero-based\) was expected to be an? \w+ tensor but is an? \w+ tensor",
    ),
    (
        "float_wanted",
        "InvalidArgumentError|TypeError",
        r"Value for attr 'T' of u?int\d+ is not in the list of allowed values: (?:bfloat16|half|float|double)",
    ),
    (
        "torch_dtypes",
        "RuntimeError",
        r"^mat1 and mat2 must have the same dtype|to have (?:the )?same dtype, but found|^expected m1 and m2 to have the same dtype",
    ),
    (
        "torch_float",
        "RuntimeError",
        r"must be either a floating point or complex dtype|^Only Tensors of floating point and complex dtype",
    ),
    (
        "torch_number",
        "TypeError",
        r"^\w+\(\): argument 'input' \(position 1\) must be Tensor, not (?:int|float)$",
    ),
    # Gradients.
    ("torch_no_grad", "RuntimeError", r"does not require grad and does not have a grad_fn"),
    ("torch_twice", "RuntimeError", r"^Trying to backward through the graph a second time"),
    (
        "torch_leaf",
        "RuntimeError",
        r"^a (?:view of a )?leaf Variable that requires grad is being used in an in-place operation",
    ),
    ("torch_in_place", "RuntimeError", r"has been modified by an inplace operation"),
    (
        "gradient_of_one",
        "RuntimeError|TypeError",
        r"^grad can be implicitly created only for scalar outputs|^Gradient only defined for scalar-output functions",
    ),
    (
        "jax_traced",
        r"Tracer\w+ConversionError|ConcretizationTypeError|NonConcreteBooleanIndexError",
        "",
    ),
    ("jax_leaked", "UnexpectedTracerError", ""),
    # Layers.
    ("torch_forward", "NotImplementedError", r'^Module \[\w+\] is missing the required "forward" function'),
    ("torch_init", "AttributeError", r"^cannot assign \w+ before Module\.__init__\(\) call"),
    ("torch_channels", "RuntimeError", r"^Given groups=1, weight of size .* to have \d+ channels"),
    ("torch_targets", "RuntimeError", r"^expected target dtype to be Long"),
    ("torch_target_range", "IndexError", r"^Target -?\d+ is out of bounds"),
    ("torch_no_parameters", "ValueError", r"^optimizer got an empty parameter list"),
    ("image_axes", "ValueError", r"is incompatible with the layer: expected (?:min_)?ndim=4, found ndim=\d"),
    # Calls and names.
    ("object_wanted", "TypeError", r"(?:^|\.)\w+\.\w+\(\) missing 1 required positional argument: 'self'"),
    ("unbound_local", "UnboundLocalError", r"^cannot access local variable"),
    (
        "arguments",
        "TypeError",
        r"^[\w.<>]+\(\) (?:takes .* but \d+ (?:was|were) given|missing \d+ required|got an unexpected keyword)",
    ),
    # How a file is written.
    ("tabs", "TabError", ""),
    ("block_empty", "IndentationError", r"^expected an indented block"),
    ("indent_more", "IndentationError", r"^unexpected indent"),
    ("indent_none", "IndentationError", r"^unindent does not match"),
    ("bracket_open", "SyntaxError", r"^'[(\[{]' was never closed"),
    ("quote_open", "SyntaxError", r"^unterminated (?:triple-quoted )?(?:f-)?string literal"),
    ("return_outside", "SyntaxError", r"^'return' outside function"),
)
"""Key, types (of the exception itself), what its text fits; the first row that fits is taken."""

_KINDS = {
    "NoneType": "meaning.none_returned",
    "type": "meaning.class_returned",
    "list": "meaning.list_returned",
    "function": "meaning.function_returned",
    "PjitFunction": "meaning.function_returned",
}
"""The types of values that are returned in place of a tensor or a layer."""


def meaning_of(key: str, values: Mapping[str, Any]) -> tuple[str, dict[str, str]] | None:
    """Return the key of the sentence for what the submission raised, with its values; None where nothing is known.

    What a student's own `raise` says means what its author likes.
    """
    kind, message = str(values.get("type", "")), str(values.get("message", ""))
    line, signs = ["", "", *str(values.get("code", "")).splitlines()][-2:]
    if re.match(r"(?:raise|assert)\b", line[len(signs) - len(signs.lstrip()) :]):
        return None
    name = re.match(r"name '(\w+)' is not defined", message) if kind == "NameError" else None
    if name and name[1] in _NAMED_LIBRARIES:
        return "meaning.library", {"name": name[1], "line": _NAMED_LIBRARIES[name[1]]}
    if kind in ("NameError", "AttributeError") and values.get("near"):
        return "meaning.near", {"name": str(values["near"])}
    if name:
        return "meaning.name", {"name": name[1]}
    for found, types, text in _MEANINGS:
        if re.fullmatch(types, kind) and re.search(text, message):
            is_called_by_check = key == "submission.raised" and not values.get("place")
            if found == "arguments" and is_called_by_check and re.match(r"\w+\(\)", message):
                found = "stub_arguments"
            return f"meaning.{found}", {}
    return None


def meaning_of_kind(kind: str) -> tuple[str, dict[str, str]] | None:
    """Return the same for a value that is no tensor and no layer, by its type."""
    return (_KINDS[kind], {}) if kind in _KINDS else None
