"""GeoJSON and TopoJSON: accepted and refused texts."""

from __future__ import annotations

from rekodiq_data.descriptor.model import Field

from .base import Case, same

_POINT = '{"type":"Point","coordinates":[1,2]}'
_RING = "[[0,0],[1,0],[1,1],[0,0]]"

SHAPES = (
    Case(
        "geojson",
        Field("x", "geojson"),
        same(
            _POINT,
            '{"type":"Point","coordinates":[1,2,3]}',
            '{"type":"MultiPoint","coordinates":[]}',
            '{"type":"LineString","coordinates":[[1,2],[3,4]]}',
            '{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}',
            f'{{"type":"Polygon","coordinates":[{_RING}]}}',
            f'{{"type":"MultiPolygon","coordinates":[[{_RING}]]}}',
            f'{{"type":"GeometryCollection","geometries":[{_POINT}]}}',
            '{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[]}]}',
            '{"type":"Feature","geometry":null,"properties":null}',
            f'{{"type":"Feature","id":7,"geometry":{_POINT},"properties":{{"a":1}}}}',
            '{"type":"FeatureCollection","features":[]}',
            '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{}}]}',
            '{"type":"Point","coordinates":[1,2],"bbox":[1,2,1,2],"crs":{}}',
        ),
        (
            *("{}", "[]", "1", "x", "", '{"type":"Foo"}', '{"type":1}', '{"type":null}'),
            '{"type":"Point"}',
            '{"type":"Point","coordinates":[]}',
            '{"type":"Point","coordinates":[1]}',
            '{"type":"Point","coordinates":["1","2"]}',
            '{"type":"Point","coordinates":[1,true]}',
            '{"type":"Point","coordinates":[1,NaN]}',
            '{"type":"Point","coordinates":{"a":1}}',
            '{"type":"LineString","coordinates":[[1,2]]}',
            '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}',
            '{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}',
            '{"type":"Point","coordinates":[1,2],"bbox":[1,2]}',
            '{"type":"Point","coordinates":[1,2],"bbox":[1,2,3,4,5]}',
            '{"type":"Feature","geometry":null}',
            '{"type":"Feature","geometry":1,"properties":null}',
            '{"type":"Feature","geometry":null,"properties":1}',
            '{"type":"Feature","geometry":null,"properties":null,"id":[1]}',
            '{"type":"Feature","geometry":{"type":"Feature","geometry":null,"properties":null},"properties":null}',
            '{"type":"FeatureCollection"}',
            f'{{"type":"FeatureCollection","features":[{_POINT}]}}',
            '{"type":"GeometryCollection"}',
        ),
    ),
    Case(
        "topojson",
        Field("x", "geojson", format="topojson"),
        same(
            '{"type":"Topology","objects":{},"arcs":[]}',
            '{"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[[0,-1]]}},"arcs":[[[1,2],[3,4]]]}',
            '{"type":"Topology","objects":{"a":{"type":null}},"arcs":[],"bbox":[1,2,3,4]}',
            '{"type":"Topology","objects":{},"arcs":[],"transform":{"scale":[1,1],"translate":[0,0]}}',
            '{"type":"GeometryCollection","geometries":[{"type":"LineString","arcs":[0]}]}',
            '{"type":"MultiPolygon","arcs":[[[0]]]}',
            '{"type":"MultiPoint","coordinates":[[1,2]],"properties":{}}',
            _POINT,
        ),
        (
            *(
                "{}",
                "[]",
                "x",
                '{"type":"Feature","geometry":null,"properties":null}',
                '{"type":null}',
            ),
            '{"type":"Topology","objects":{}}',
            '{"type":"Topology","arcs":[]}',
            '{"type":"Topology","objects":{"a":1},"arcs":[]}',
            '{"type":"Topology","objects":{"a":{}},"arcs":[]}',
            '{"type":"Topology","objects":{"a":{"type":1}},"arcs":[]}',
            '{"type":"Topology","objects":{},"arcs":[[[1,2]]]}',
            '{"type":"Topology","objects":{},"arcs":[],"transform":[]}',
            '{"type":"Topology","objects":{},"arcs":[],"transform":{"scale":[1],"translate":[0,0]}}',
            '{"type":"LineString","arcs":[0.5]}',
            '{"type":"LineString","coordinates":[[1,2],[3,4]]}',
            '{"type":"Point","coordinates":[1,2],"properties":1}',
        ),
    ),
)
