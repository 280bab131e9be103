"""Random features: vectors ω whose functions of q and of k multiply, on average, to the softmax kernel exp(qᵀk).

Source: Choromanski et al. 2021, "Rethinking Attention with Performers", lemmas 1 and 2, sections 2.3 and 2.4. For one
vector x of d features, already scaled by d^−¼, and m vectors ω ~ N(0, I):

- positive:      φ(x) = e^{−‖x‖²/2} / √m · [e^{ω·x}]
- hyperbolic:    φ(x) = e^{−‖x‖²/2} / √(2m) · [e^{ω·x}, e^{−ω·x}]
- trigonometric: φ(x) = e^{+‖x‖²/2} / √m · [sin ω·x, cos ω·x]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engines.feature_attention import FeatureMap
from engines.room import FRESH, Room

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from engines.lazy_torch import torch

KINDS = ("positive", "hyperbolic", "trigonometric")
NORMS = ("Gaussian", "√d")


def haar_rotations(count: int, width: int, generator: torch.Generator | None, like: Tensor) -> Tensor:
    """Orthogonal matrices [count, width, width], uniform over all rotations and reflections (Haar).

    QR alone is not uniform: its routine picks the signs of R's diagonal by rules of its own. With each column of Q
    multiplied by the sign of that diagonal, R is unique, and Q as uniform as the Gaussian matrix (Mezzadri 2007).
    """
    gaussian = torch.randn(count, width, width, generator=generator, dtype=like.dtype, device=like.device)
    rotation, triangle = torch.linalg.qr(gaussian)
    signs = torch.where(triangle.diagonal(dim1=-2, dim2=-1) < 0, -1.0, 1.0).to(like.dtype)
    return rotation * signs[:, None, :]


def draw_features(
    heads: int, count: int, width: int, orthogonal: bool, norms: str, generator: torch.Generator | None, like: Tensor
) -> Tensor:
    """ω [heads, count, width], in the dtype and on the device of ``like``.

    Orthogonal: in blocks of ``width`` at right angles to each other, a last block cut short. ``norms`` "Gaussian" gives
    each vector the length of a Gaussian one (chi-distributed), so that it is N(0, I) by itself; "√d" gives all the
    length √d.
    """
    if not orthogonal:
        features = torch.randn(heads, count, width, generator=generator, dtype=like.dtype, device=like.device)
        return features if norms == "Gaussian" else features * (width**0.5 / features.norm(dim=-1, keepdim=True))
    full = -(-count // width)
    directions = haar_rotations(heads * full, width, generator, like).unflatten(0, (heads, full)).flatten(1, 2)
    directions = directions[:, :count]
    if norms == "√d":
        return directions * width**0.5
    lengths = torch.randn(heads, count, width, generator=generator, dtype=like.dtype, device=like.device)
    return directions * lengths.norm(dim=-1, keepdim=True)


def features_of(x: Tensor, omega: Tensor, kind: str) -> Tensor:
    """φ(x) as written above: x [..., position, d], already scaled, ω [..., m, d] -> [..., position, m or 2m]."""
    projected, half = x @ omega.mT, x.square().sum(-1, keepdim=True) / 2
    count = omega.shape[-2]
    if kind == "positive":
        return torch.exp(projected - half) / count**0.5
    if kind == "hyperbolic":
        return torch.cat([torch.exp(projected - half), torch.exp(-projected - half)], -1) / (2 * count) ** 0.5
    return torch.cat([projected.sin(), projected.cos()], -1) * torch.exp(half) / count**0.5


def expected_squared_error(x: Tensor, y: Tensor, count: int, kind: str) -> Tensor:
    """The mean squared error of φ(x)ᵀφ(y) over independent ω, x and y [..., d] (lemma 2 of the paper)."""
    log_kernel = (x * y).sum(-1)
    log_sum = (x + y).square().sum(-1)
    if kind == "trigonometric":
        apart = (x - y).square().sum(-1)
        return torch.exp(log_sum - 2 * log_kernel) * (1 - torch.exp(-apart)).square() / (2 * count)
    positive = torch.exp(log_sum + 2 * log_kernel) * (1 - torch.exp(-log_sum)) / count
    return positive * (1 - torch.exp(-log_sum)) / 2 if kind == "hyperbolic" else positive


class ExponentialFeatures(FeatureMap):
    """Positive features; hyperbolic ones are those of ω and −ω together.

    What is the same for all features of a query cancels in attention: 1/√m, e^{−‖q‖²/2} and the peak over the
    features. So a query's features are a softmax over them.
    """

    scaled = True

    def __init__(self, omega: Tensor, kind: str) -> None:
        """ω [head or 1, m, d]."""
        both = torch.cat([omega, -omega], 1) if kind == "hyperbolic" else omega
        self.omega = both * both.shape[-1] ** -0.25
        self.width = both.shape[1]

    def of_keys(self, k: Tensor, heads: slice, peak: Tensor | None, room: Room = FRESH) -> tuple[Tensor, Tensor | None]:
        omega = self._of_heads(heads, k).mT
        logarithms = torch.bmm(k, omega, out=room("keys", k, *k.shape[:2], self.width)).sub_(_half_norm(k))
        if not k.shape[1]:
            return logarithms, peak
        peak = torch.maximum(peak, logarithms.amax(1)) if peak is not None else logarithms.amax(1)
        return logarithms.sub_(peak[:, None]).exp_(), peak

    def of_queries(self, q: Tensor, heads: slice, peak: Tensor | None, room: Room = FRESH) -> Tensor:
        logarithms = self._with_peak(q, heads, peak, room)
        return torch.softmax(logarithms, -1, out=logarithms)

    def query_scale(self, q: Tensor, heads: slice, peak: Tensor | None) -> Tensor:
        return torch.logsumexp(self._with_peak(q, heads, peak), -1) - _half_norm(q)[..., 0]

    def key_gradient(self, k: Tensor, heads: slice, features: Tensor, grad: Tensor) -> Tensor:
        through = grad * features
        return torch.bmm(through, self._of_heads(heads, k)).sub_(k * (through.sum(-1, True) * k.shape[-1] ** -0.5))

    def query_gradient(self, q: Tensor, heads: slice, features: Tensor, grad: Tensor) -> Tensor:
        return torch.bmm(grad * features, self._of_heads(heads, q))

    def _with_peak(self, q: Tensor, heads: slice, peak: Tensor | None, room: Room = FRESH) -> Tensor:
        omega = self._of_heads(heads, q).mT
        logarithms = torch.bmm(q, omega, out=room("queries", q, *q.shape[:2], self.width))
        return logarithms if peak is None else logarithms.add_(peak[:, None])

    def _of_heads(self, heads: slice, like: Tensor) -> Tensor:
        return of_heads(self.omega, heads, like)


class TrigonometricFeatures(FeatureMap):
    """Sines and cosines. Their denominators may come near 0 or below it, which is the paper's case against them."""

    scaled = True

    def __init__(self, omega: Tensor) -> None:
        """ω [head or 1, m, d]."""
        self.omega = omega * omega.shape[-1] ** -0.25
        self.width = 2 * omega.shape[1]

    def of_keys(self, k: Tensor, heads: slice, peak: Tensor | None, room: Room = FRESH) -> tuple[Tensor, Tensor | None]:
        half = _half_norm(k)
        largest = half.amax(1).expand(-1, self.width)
        peak = torch.maximum(peak, largest) if peak is not None else largest
        return self.waves(k, heads).mul_(torch.exp(half - peak[:, None, :1])), peak

    def of_queries(self, q: Tensor, heads: slice, peak: Tensor | None, room: Room = FRESH) -> Tensor:
        return self.waves(q, heads)

    def query_scale(self, q: Tensor, heads: slice, peak: Tensor | None) -> Tensor:
        half = _half_norm(q)[..., 0]
        return half if peak is None else half + peak[:, :1]

    def key_gradient(self, k: Tensor, heads: slice, features: Tensor, grad: Tensor) -> Tensor:
        along = (grad * features).sum(-1, True) * k.shape[-1] ** -0.5
        return self.query_gradient(k, heads, features, grad).add_(k * along)

    def query_gradient(self, q: Tensor, heads: slice, features: Tensor, grad: Tensor) -> Tensor:
        (sines, cosines), (of_sines, of_cosines) = features.chunk(2, -1), grad.chunk(2, -1)
        return torch.bmm(of_sines * cosines - of_cosines * sines, of_heads(self.omega, heads, q))

    def waves(self, x: Tensor, heads: slice) -> Tensor:
        """[sin ω·x, cos ω·x], [head, position, 2m]."""
        projected = torch.bmm(x, of_heads(self.omega, heads, x).mT)
        return torch.cat([projected.sin(), projected.cos()], -1)


def of_heads(omega: Tensor, heads: slice, like: Tensor) -> Tensor:
    """ω of some heads, where all may share one."""
    return omega[heads] if omega.shape[0] > 1 else omega.expand(like.shape[0], -1, -1)


def _half_norm(x: Tensor) -> Tensor:
    """‖x‖²/2 [head, position, 1] after the scaling by d^−¼."""
    return x.square().sum(-1, keepdim=True).mul_(0.5 * x.shape[-1] ** -0.5)


def random_feature_map(omega: Tensor, kind: str) -> FeatureMap:
    """φ of a kind, from ω [head or 1, m, d]."""
    return TrigonometricFeatures(omega) if kind == "trigonometric" else ExponentialFeatures(omega, kind)
