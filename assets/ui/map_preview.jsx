// The map before anyone touches it: the same ground, pins and rings, drawn without the map's library (51 kB), which is fetched
// when a hand comes near. Web Mercator as the library projects it, so that nothing jumps when it takes over.
import { useEffect, useRef, useState } from "react";
import { useT } from "$/public/i18n.js";

const TILE = 256, PADDING = 56, EARTH = 40075016.686, RINGS = [1000, 3000, 5000], NEAR = [250, 500];

const project = ({ latitude, longitude }, zoom) => {
  const size = TILE * 2 ** zoom, sine = Math.sin((latitude * Math.PI) / 180);
  return [((longitude + 180) / 360) * size, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size];
};

function framed(placed, width, height, most) {
  for (let zoom = most; zoom > 0; zoom -= 1) {
    const [xs, ys] = [0, 1].map((axis) => placed.map((hit) => project(hit, zoom)[axis]));
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    if (right - left <= Math.max(width - 2 * PADDING, 0) && bottom - top <= Math.max(height - 2 * PADDING, 0)) {
      return { zoom, left: Math.round((left + right - width) / 2), top: Math.round((top + bottom - height) / 2) };
    }
  }
  return { zoom: 1, left: 0, top: 0 };
}

function grouped(placed) {
  const towns = new Map();
  for (const hit of placed) towns.set(hit.city ?? "", [...(towns.get(hit.city ?? "") ?? []), hit]);
  const mean = (there, name) => there.reduce((sum, hit) => sum + hit[name], 0) / there.length;
  return [...towns].map(([city, there]) => ({ city, latitude: mean(there, "latitude"), longitude: mean(there, "longitude") }));
}

// pick(hit): what a pin does. wake(): load the real map.
export default function MapPreview({ hits, most, pick, wake, label }) {
  const t = useT();
  const box = useRef(null);
  const [size, setSize] = useState(null);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setSize([entry.contentRect.width, entry.contentRect.height]));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const placed = hits.filter((hit) => hit.latitude != null && hit.longitude != null);
  const view = size && placed.length ? framed(placed, ...size, most) : null;
  const at = (point) => { const [x, y] = project(point, view.zoom); return { left: x - view.left, top: y - view.top }; };
  const stacked = new Map();
  const radius = (metres, latitude) => (metres * TILE * 2 ** view.zoom) / (EARTH * Math.cos((latitude * Math.PI) / 180));
  return (
    <div ref={box} className="map-still" dir="ltr" onPointerEnter={wake} onTouchStart={wake}
      style={view && { backgroundPosition: `${-view.left % 64}px ${-view.top % 64}px` }}>
      {view && grouped(placed).map((town) => (
        <div key={town.city} aria-hidden="true">
          {(town.city ? RINGS : NEAR).map((metres) => <span key={metres} className="ring-still" style={{ ...at(town), "--r": `${radius(metres, town.latitude)}px` }} />)}
          {town.city && <span className="town" style={{ position: "absolute", ...at(town) }}><span>{t(town.city)}</span></span>}
        </div>
      ))}
      {view && placed.map((hit) => {
        const spot = `${hit.latitude.toFixed(4)} ${hit.longitude.toFixed(4)}`;
        const up = stacked.has(spot) ? stacked.get(spot) + 1 : 0;
        stacked.set(spot, up);
        const place = at(hit);
        if (!hit.number) return <span key={hit.id} className="pindot" role="img" aria-label={hit.name} style={place} />;
        const time = hit.next_time || (hit.next_at ? t.date(hit.next_at, { style: "day" }) : t("Full"));
        return (
          <button key={hit.id} type="button" className={`pin ${hit.next_at ? "" : "none"} ${up ? "up" : ""}`} aria-label={`${hit.number}. ${hit.name}`} title={hit.name}
            style={{ ...place, top: place.top - up * 30 }} data-hit={hit.id} onClick={() => pick(hit)}><b>{hit.number}</b><span>{time}</span></button>
        );
      })}
      {label && <button type="button" className="btn btn-s btn-sm map-wake" onClick={wake}>{label}</button>}
    </div>
  );
}
