"""Whether a JSON value is GeoJSON (RFC 7946) or TopoJSON.

Shapes only: what must be there, how deep coordinates nest, closed rings. No geometry is judged
by its place on the globe.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

Shape = Callable[[Any], bool]


def is_number(value: Any) -> bool:
    """Whether a JSON value (numbers read as Decimal) is a number."""
    return isinstance(value, Decimal)


def _list_of(each: Shape, least: int = 0) -> Shape:
    return lambda value: (
        isinstance(value, list) and len(value) >= least and all(map(each, value))
    )


_is_position = _list_of(is_number, 2)
_is_line = _list_of(_is_position, 2)


def _is_ring(value: Any) -> bool:
    return _list_of(_is_position, 4)(value) and value[0] == value[-1]


_COORDINATES: dict[str, Shape] = {
    "Point": _is_position,
    "MultiPoint": _list_of(_is_position),
    "LineString": _is_line,
    "MultiLineString": _list_of(_is_line),
    "Polygon": _list_of(_is_ring),
    "MultiPolygon": _list_of(_list_of(_is_ring)),
}


def _kind(value: Any) -> Any:
    """The `type` of an object, where it is a text."""
    kind = value.get("type") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) else None


def _is_geometry(value: Any) -> bool:
    kind = _kind(value)
    if kind == "GeometryCollection":
        return _list_of(_is_geometry)(value.get("geometries")) and _has_box(value)
    return (
        kind in _COORDINATES
        and _COORDINATES[kind](value.get("coordinates"))
        and _has_box(value)
    )


def _is_feature(value: Any) -> bool:
    if _kind(value) != "Feature" or not {"geometry", "properties"} <= value.keys():
        return False
    geometry, properties = value["geometry"], value["properties"]
    named = isinstance(value.get("id", ""), (str, Decimal))
    return (
        named
        and (geometry is None or _is_geometry(geometry))
        and (properties is None or isinstance(properties, dict))
        and _has_box(value)
    )


def _has_box(value: Any) -> bool:
    """A bounding box, where there is one, has as many upper as lower bounds."""
    box = value.get("bbox", [Decimal(0)] * 4)
    return _list_of(is_number, 4)(box) and len(box) % 2 == 0


def is_geojson(value: Any) -> bool:
    """Whether a JSON value is one GeoJSON object."""
    if _kind(value) == "FeatureCollection":
        return _list_of(_is_feature)(value.get("features")) and _has_box(value)
    return _is_feature(value) or _is_geometry(value)


# --- TopoJSON --------------------------------------------------------------------------------


def _is_index(value: Any) -> bool:
    return is_number(value) and value == value.to_integral_value()


_ARCS: dict[str, Shape] = {
    "LineString": _list_of(_is_index),
    "MultiLineString": _list_of(_list_of(_is_index)),
    "Polygon": _list_of(_list_of(_is_index)),
    "MultiPolygon": _list_of(_list_of(_list_of(_is_index))),
}


def _is_topology_object(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("properties", {}), dict):
        return False
    kind = value.get("type", "")
    if kind is None:
        return True  # a geometry that is not known
    if kind in ("Point", "MultiPoint"):
        return _COORDINATES[kind](value.get("coordinates"))
    if kind == "GeometryCollection":
        return _list_of(_is_topology_object)(value.get("geometries"))
    return isinstance(kind, str) and kind in _ARCS and _ARCS[kind](value.get("arcs"))


def is_topojson(value: Any) -> bool:
    """Whether a JSON value is one TopoJSON object: a topology, or one of its geometries."""
    if _kind(value) != "Topology":
        return _kind(value) is not None and _is_topology_object(value)
    objects, transform = value.get("objects"), value.get("transform")
    moved = transform is None or (
        isinstance(transform, dict)
        and all(_list_of(is_number, 2)(transform.get(key)) for key in ("scale", "translate"))
    )
    return (
        moved
        and isinstance(objects, dict)
        and all(map(_is_topology_object, objects.values()))
        and _list_of(_is_line)(value.get("arcs"))
    )
