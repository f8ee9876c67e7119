"""Where things are: containment of territories, and distances on the globe in kilometres."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.exceptions import CircularContainment

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, IUGG."""


def haversine_km(
    lat: ArrayLike, lon: ArrayLike, other_lat: ArrayLike, other_lon: ArrayLike
) -> NDArray[np.float64]:
    r"""Return great-circle distances in kilometres; arrays are broadcast, NaN stays NaN.

    .. math::

        d = 2R \arcsin\sqrt{\sin^2\tfrac{\Delta\phi}{2} + \cos\phi_1\cos\phi_2\sin^2\tfrac{\Delta\lambda}{2}}

    Parameters
    ----------
    lat, lon, other_lat, other_lon
        Degrees.

    References
    ----------
    R. W. Sinnott, Virtues of the Haversine, Sky and Telescope 68 (1984).

    Examples
    --------
    >>> float(haversine_km(45.0703, 7.6869, 44.9000, 8.2064).round(1))  # Torino to Asti
    45.0
    """
    phi, other_phi = np.radians(lat), np.radians(other_lat)
    half_turn = np.radians(np.subtract(other_lon, lon)) / 2
    chord = np.sin((other_phi - phi) / 2) ** 2 + np.cos(phi) * np.cos(other_phi) * np.sin(half_turn) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(chord, 1.0))))


def containers(parents: Mapping[str, Collection[str]], code: str) -> frozenset[str]:
    """Return every territory that contains the given one, directly or through others.

    Parameters
    ----------
    parents
        For a territory, the ones that directly contain it (a municipality lies in a
        province and in a district of social cohesion).
    code
        The territory whose containers are asked for.

    Raises
    ------
    CircularContainment
        When the territory would contain itself.

    Examples
    --------
    >>> parents = {"pinerolo": ["TO", "district"], "TO": ["piemonte"], "district": ["piemonte"]}
    >>> sorted(containers(parents, "pinerolo"))
    ['TO', 'district', 'piemonte']
    """
    found: set[str] = set()
    waiting = list(parents.get(code, ()))
    while waiting:
        holder = waiting.pop()
        if holder == code:
            raise CircularContainment(code)
        if holder not in found:
            found.add(holder)
            waiting.extend(parents.get(holder, ()))
    return frozenset(found)


def contains(parents: Mapping[str, Collection[str]], outer: str, inner: str) -> bool:
    """Tell whether one territory lies in another; a territory lies in itself.

    Examples
    --------
    >>> contains({"pinerolo": ["TO"], "TO": ["piemonte"]}, "piemonte", "pinerolo")
    True
    """
    return outer == inner or outer in containers(parents, inner)
