import { geoEqualEarth, geoGraticule10, geoPath } from 'd3-geo';
import { memo, useMemo } from 'react';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { useTranslation } from '../i18n';
import pointData from './data/points.json';
import worldData from './data/world-110m.json';
import type { PlanClass } from './model';

const width = 960;
const height = 468;
const world = worldData as unknown as Topology<{ countries: GeometryCollection }>;
const points = pointData as { iso3: string; lon: number; lat: number }[];

const projection = geoEqualEarth().fitExtent(
  [
    [4, 4],
    [width - 4, height - 4],
  ],
  { type: 'Sphere' },
);
const path = geoPath(projection);
const countries = feature(world, world.objects.countries).features.map((shape) => ({ iso3: String(shape.id ?? ''), d: path(shape) ?? '' }));
const sphere = path({ type: 'Sphere' }) ?? '';
const graticule = path(geoGraticule10()) ?? '';
const circles = points.flatMap((point) => {
  const at = projection([point.lon, point.lat]);
  return at ? [{ iso3: point.iso3, x: at[0], y: at[1] }] : [];
});

/** What a part of the world shows, from corner to corner in longitude and latitude. */
const frames = {
  world: null,
  africa: [-22, -37, 55, 38],
  americas: [-130, -57, -32, 62],
  asia: [28, -12, 150, 56],
  europe: [-12, 34, 42, 68],
  oceania: [110, -48, 180, 12],
} as const;
export type Frame = keyof typeof frames;

function viewBox(frame: Frame): { box: string; scale: number } {
  const corners = frames[frame];
  if (!corners) return { box: `0 0 ${width} ${height}`, scale: 1 };
  const [west, south, east, north] = corners;
  const at = [
    [west, south],
    [west, north],
    [east, south],
    [east, north],
    [west, (south + north) / 2],
    [east, (south + north) / 2],
  ].map(([lon, lat]) => projection([lon ?? 0, lat ?? 0]) ?? [0, 0]);
  const xs = at.map(([x]) => x ?? 0);
  const ys = at.map(([, y]) => y ?? 0);
  const [x, y, w, h] = [Math.min(...xs), Math.min(...ys), Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)];
  // The same shape as the whole map, so that the page does not jump.
  const wide = Math.max(w, (h * width) / height);
  const high = (wide * height) / width;
  return { box: `${x - (wide - w) / 2} ${y - (high - h) / 2} ${wide} ${high}`, scale: wide / width };
}

export interface Shown {
  class: PlanClass;
  name: string;
  dimmed: boolean;
}

/** The map. Its shapes are for the pointer; the list beside it is the way for keys and screen readers. */
export const WorldMap = memo(function WorldMap({
  states,
  selected,
  frame,
  onSelect,
}: {
  frame: Frame;
  states: ReadonlyMap<string, Shown>;
  selected: string | undefined;
  onSelect: (iso3: string) => void;
}) {
  const { t } = useTranslation();
  const { box, scale } = viewBox(frame);
  const ordered = useMemo(() => [...countries].sort((a, b) => Number(a.iso3 === selected) - Number(b.iso3 === selected)), [selected]);
  const classFor = (iso3: string) => {
    const state = states.get(iso3);
    return `land ${state ? `land-${state.class}` : 'land-none'}${state?.dimmed ? ' land-dimmed' : ''}${iso3 === selected ? ' land-selected' : ''}`;
  };
  return (
    <svg className="world-map" viewBox={box} role="img" aria-label={t('world:mapLabel')} data-testid="world-map">
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform={`rotate(45) scale(${scale})`}>
          <rect width="6" height="6" className="hatch-ground" />
          <rect width="3" height="6" className="hatch-line" />
        </pattern>
      </defs>
      <g aria-hidden="true">
        <path d={sphere} className="sea" />
        <path d={graticule} className="graticule" />
        {ordered.map((country) => {
          const state = states.get(country.iso3);
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list beside the map has the same for keys
            <path
              key={country.iso3 || country.d.slice(0, 24)}
              d={country.d}
              className={classFor(country.iso3)}
              data-iso3={country.iso3}
              data-class={state?.class}
              onClick={state ? () => onSelect(country.iso3) : undefined}
            >
              {state && <title>{`${state.name}: ${t(`world:class.${state.class}`)}`}</title>}
            </path>
          );
        })}
        {circles.map((circle) => {
          const state = states.get(circle.iso3);
          if (!state) return null;
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list beside the map has the same for keys
            <circle
              key={circle.iso3}
              cx={circle.x}
              cy={circle.y}
              r={(circle.iso3 === selected ? 6 : 4) * scale}
              className={`${classFor(circle.iso3)} land-point`}
              data-iso3={circle.iso3}
              data-class={state.class}
              onClick={() => onSelect(circle.iso3)}
            >
              <title>{`${state.name}: ${t(`world:class.${state.class}`)}`}</title>
            </circle>
          );
        })}
      </g>
    </svg>
  );
});
