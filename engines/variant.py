"""What a variant of attention is: its parameters, what it reads, how it runs, what it keeps, what it costs.

A variant is one file under ``engines/variants``; nothing outside that file asks which variant it is. Tensors are
[batch, head, position, feature].
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from engines.problems import Problem
from engines.trace import SILENT, PairValues, Recorder, Step, StepData
from engines.words import Words, english

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from engines.host_model import HostLayer, ModelShape
    from engines.patterns import Pattern
    from engines.study import Study
else:
    from engines.lazy_torch import torch

Kind = Literal["integer", "real", "choice", "flag", "integers", "tokens"]
Value = int | float | str | bool | tuple[int, ...]


@dataclass(frozen=True)
class Parameter:
    """One setting of a variant, stated once: menus, forms, the command line and sweeps read it from here.

    ``integers`` is a list with one entry per layer or per head (``per``); a shorter list's last entry repeats.
    ``tokens`` is a set of positions. ``learned``: weights that were trained with one value do not serve another.
    ``zero`` is the word for 0, where 0 leaves the choice to the variant; it can be given in place of the 0.
    """

    name: str
    kind: Kind
    default: Value
    label: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    per: Literal["", "layer", "head"] = ""
    unit: str = ""
    learned: bool = False
    zero: str = ""

    def check(self, value: object) -> Value:
        """The value, made of the right type; a Problem where it is not one this parameter can take."""
        try:
            checked = self._convert(value)
        except (TypeError, ValueError, OverflowError):
            raise self._problem(value) from None
        numbers = checked if isinstance(checked, tuple) else (checked,)
        if self.kind in ("integer", "real", "integers", "tokens"):
            low = self.minimum if self.minimum is not None else float("-inf")
            high = self.maximum if self.maximum is not None else float("inf")
            if not all(low <= float(number) <= high for number in numbers):
                raise self._problem(value)
        return checked

    def _convert(self, value: object) -> Value:
        if self.zero and isinstance(value, str) and value.strip().lower() == self.zero:
            return 0
        if self.kind == "flag":
            flags = {
                "true": True,
                "on": True,
                "1": True,
                "yes": True,
                "false": False,
                "off": False,
                "0": False,
                "no": False,
            }
            return value if isinstance(value, bool) else flags_lookup(flags, str(value))
        if self.kind == "choice":
            if value not in self.choices:
                raise ValueError(value)
            return str(value)
        if self.kind == "real":
            return float(str(value))
        if self.kind == "integer":
            return exact_integer(value)
        items = value.replace(",", " ").split() if isinstance(value, str) else value
        numbers = tuple(exact_integer(item) for item in (items if isinstance(items, Sequence) else [items]))
        if self.kind == "tokens":
            return tuple(sorted(set(numbers)))
        if not numbers:
            raise ValueError(value)
        return numbers

    @property
    def expected(self) -> str:
        """What a person may give, in words."""
        if self.kind == "choice":
            return Words("one of {choices}", {"choices": ", ".join(self.choices)})
        if self.kind == "flag":
            return english("on or off")
        noun = {
            "integer": english("a whole number"),
            "real": english("a number"),
            "integers": Words("whole numbers, one per {each}", {"each": self.per}),
            "tokens": english("positions of tokens, separated by commas"),
        }[self.kind]
        low, high = (f"{bound:,.10g}" if bound is not None else None for bound in (self.minimum, self.maximum))
        if self.zero:
            bounds = {"low": "1", "high": high or "∞"}
            return Words("{noun} from {low} to {high}, or {zero}", {"noun": noun, **bounds, "zero": self.zero})
        if low and high:
            return Words("{noun} from {low} to {high}", {"noun": noun, "low": low, "high": high})
        return Words("{noun} of at least {low}", {"noun": noun, "low": low}) if low else noun

    def in_words(self, value: Value) -> str:
        """The value as a card shows it."""
        return self.zero if self.zero and value == 0 else in_words(value)

    def _problem(self, value: object) -> Problem:
        return Problem(
            "bad_parameter", label=self.label, expected=self.expected, value=str(value)[:60] or english("empty")
        )


def flags_lookup(flags: Mapping[str, bool], text: str) -> bool:
    if text.lower() not in flags:
        raise ValueError(text)
    return flags[text.lower()]


def exact_integer(value: object) -> int:
    """An int of the same value; no silent rounding of 2.5."""
    number = int(str(value), 10) if isinstance(value, str) else int(value)  # type: ignore[call-overload]
    if not isinstance(value, str) and number != value:
        raise ValueError(value)
    return int(number)


class Parameters(Mapping[str, Value]):
    """Checked values of a variant's parameters; frozen and hashable. ``p.rounds`` reads one."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._values.items())))

    def __repr__(self) -> str:
        return f"Parameters({', '.join(f'{name}={value!r}' for name, value in self.items())})"


def entry(values: Sequence[int], index: int) -> int:
    """The entry for a layer or head of an ``integers`` parameter; the last one repeats."""
    return values[min(index, len(values) - 1)]


def in_words(value: Value) -> str:
    """A parameter's value as a card shows it: 128, 256 for a list, on or off for a flag."""
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "none"
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Inputs:
    """What a variant reads: q, k, v [batch, head, position, feature], the layer they belong to, and extras by name.

    Extras are what else a variant needs (rotations, global projections); one that is missing is drawn from the
    generator or derived as the variant's file says. Numbers of queries and keys may differ.
    """

    q: Tensor
    k: Tensor
    v: Tensor
    layer: int = 0
    extras: Mapping[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class Mask:
    """Which pairs may be looked at before the variant chooses.

    ``key_lengths`` has one entry per batch item: keys from that position on are padding. ``query_offset`` is the
    position of the first query among the keys.
    """

    causal: bool = False
    key_lengths: tuple[int, ...] | None = None
    query_offset: int = 0

    @property
    def name(self) -> str:
        return "causal" if self.causal else "bidirectional"


@dataclass(frozen=True)
class State:
    """What is kept for the next segment or token, by name."""

    tensors: Mapping[str, Tensor]


@dataclass(frozen=True)
class Shape:
    """The sizes a pattern or a cost depends on. ``head`` and ``layer`` choose among per-head and per-layer settings."""

    queries: int
    keys: int
    heads: int = 1
    head_width: int = 64
    layer: int = 0
    head: int = 0
    causal: bool = True


@dataclass(frozen=True)
class Cost:
    """Floating-point operations and bytes that must be held at once, for the complexity class; not a measurement."""

    flops: float
    resident_bytes: float


@dataclass(frozen=True)
class Paper:
    """Where a variant comes from. ``names`` are all authors as BibTeX has them: "Last, First and Last, First"."""

    authors: str
    title: str
    year: int
    arxiv: str
    venue: str = ""
    names: str = ""


class Variant(ABC):
    """One kind of attention. Subclasses state the class variables and the abstract methods; see CONTRIBUTING."""

    name: ClassVar[str]  # as on the command line: "longformer"
    label: ClassVar[str]  # as people write it: "Longformer"
    short_label: ClassVar[str] = ""  # where room is scarce, if that is shorter
    order: ClassVar[int]  # place in menus, and which colour of the palette
    paper: ClassVar[Paper]
    summary: ClassVar[str]  # what it does, two or three sentences for somebody who has not read the paper
    complexity: ClassVar[str]  # "O(n·w)"
    settings: ClassVar[tuple[Parameter, ...]] = ()
    masks: ClassVar[tuple[str, ...]] = ("causal", "bidirectional")
    step_names: ClassVar[tuple[str, ...]]  # in order; the same names that attend records
    records: ClassVar[tuple[type[StepData], ...]] = ()  # what its steps hold besides matrices and pairs, if known ahead
    weights_note: ClassVar[str] = ""  # what is true when it runs on weights trained with full attention
    mask_reason: ClassVar[str] = ""  # why it has not the mask that it has not
    mask_study: ClassVar[str] = ""  # the study that shows why; asked when that mask is chosen
    implied_weights: ClassVar[bool] = False  # no n × n weights take part in a run: pictures reconstruct them
    studies: ClassVar[tuple[Study, ...]] = ()  # its own, besides the general ones

    def parameters(self, **values: object) -> Parameters:
        """All parameters, the given ones checked, the others at their defaults."""
        return self._checked(values) if values else self._defaults

    @cached_property
    def _defaults(self) -> Parameters:
        return self._checked({})

    def _checked(self, values: Mapping[str, object]) -> Parameters:
        known = {setting.name: setting for setting in self.settings}
        for name in values:
            if name not in known:
                choices = ", ".join(known) or "none"
                raise Problem("unknown_parameter", variant=self.label, name=name, choices=choices)
        return Parameters({name: setting.check(values.get(name, setting.default)) for name, setting in known.items()})

    def project(self, layer: HostLayer, hidden: Tensor, parameters: Parameters, generator: torch.Generator) -> Inputs:
        """Hidden states [batch, position, width] entering a layer of the host model -> what ``attend`` reads."""
        q, k, v = layer.queries_keys_values(hidden)
        return Inputs(q, k, v, layer=layer.index)

    def layer_weights(self, shape: ModelShape, parameters: Parameters, generator: torch.Generator) -> dict[str, Tensor]:
        """What each layer of a model needs besides the host model's own tensors, drawn anew for training; by name."""
        return {}

    def check_mask(self, mask: Mask) -> None:
        """A Problem with the reason where the variant has not that mask."""
        if mask.name not in self.masks:
            raise Problem("mask_not_supported", variant=self.label, mask=mask.name, reason=self.mask_reason)

    @abstractmethod
    def attend(
        self,
        inputs: Inputs,
        parameters: Parameters,
        mask: Mask,
        state: State | None = None,
        generator: torch.Generator | None = None,
        record: Recorder = SILENT,
    ) -> tuple[Tensor, State | None]:
        """Attention at its true cost: the output [batch, head, query, feature], and the state for what comes next."""

    @abstractmethod
    def pattern(self, shape: Shape, parameters: Parameters, steps: Sequence[Step] = ()) -> Pattern:
        """Which pairs head ``shape.head`` keeps. Needs the recorded steps where it depends on the data."""

    @property
    def pattern_needs_steps(self) -> bool:
        """Whether the pattern depends on the data."""
        return False

    def computed_pairs(self, shape: Shape, parameters: Parameters) -> int:
        """Pairs of head ``shape.head`` that a run computes, masked ones included; at least those that are kept."""
        return self.pattern(shape, parameters).count()

    @abstractmethod
    def cost(self, shape: Shape, parameters: Parameters) -> Cost:
        """Operations and bytes of one ``attend``, all heads."""

    def state_bytes(self, shape: Shape, parameters: Parameters, bytes_per_value: int = 4) -> int:
        """What must be held after ``shape.keys`` tokens so that the next one can be computed, all heads.

        A cache of every key and value, unless the variant keeps less.
        """
        return 2 * shape.keys * shape.heads * shape.head_width * bytes_per_value

    def automatic(self, parameters: Parameters, length: int) -> Mapping[str, int]:
        """What the parameters that are left to the variant (``Parameter.zero``) come to in a text of that length."""
        return {}

    def fold_width(self, shape: Shape, parameters: Parameters) -> int:
        """The width of the grid in which positions, folded row by row, show what the pattern is for; 0 for none."""
        return 0

    def scores(self, inputs: Inputs, parameters: Parameters, head: int, rows: Tensor, columns: Tensor) -> Tensor:
        """Scores [rows, columns] before the softmax, for the given positions of one head of the first batch item."""
        q, k = inputs.q[0, head].index_select(0, rows), inputs.k[0, head].index_select(0, columns)
        return (q @ k.T) / q.shape[-1] ** 0.5

    def weights(
        self, inputs: Inputs, parameters: Parameters, steps: Sequence[Step], head: int, rows: Tensor, columns: Tensor
    ) -> Tensor:
        """Attention weights [rows, columns] as computed, were every such pair kept; the pattern says which are.

        From the recorded normaliser of the last step that has one.
        """
        data = [step.data for step in steps if isinstance(step.data, PairValues)][-1]
        normaliser = data.normaliser[head, ..., :].reshape(-1, data.normaliser.shape[-1])[-1]
        return torch.exp(self.scores(inputs, parameters, head, rows, columns) - normaliser[rows][:, None])
