import "../css/map.css";
import "leaflet/dist/leaflet.css";
import L from "leaflet";
import { useEffect, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useT } from "$/public/i18n.js";
import { showCard } from "./map_card.js";

// Without a tile server the ground is a plain net of one line a kilometre or more: true distances, nothing invented.
const Net = L.GridLayer.extend({
  createTile(at) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 256;
    const pen = tile.getContext("2d");
    pen.strokeStyle = getComputedStyle(this._map.getContainer().closest(".map")).borderTopColor;
    for (let line = 0; line < 256; line += 64) {
      pen.lineWidth = (line === 0 && (at.x + at.y) % 2 === 0) ? 1.5 : 0.75;
      pen.beginPath(); pen.moveTo(line + 0.5, 0); pen.lineTo(line + 0.5, 256); pen.moveTo(0, line + 0.5); pen.lineTo(256, line + 0.5); pen.stroke();
    }
    return tile;
  },
});

// Whoever looks at a net needs to know where and how far: each town's name where its people are, rings of whole kilometres around it.
const RINGS = [1000, 3000, 5000], NEAR = [250, 500];
function surroundings(placed, t) {
  const towns = new Map();
  for (const hit of placed) towns.set(hit.city ?? "", [...(towns.get(hit.city ?? "") ?? []), hit]);
  return L.layerGroup([...towns].flatMap(([city, there]) => {
    const centre = ["latitude", "longitude"].map((name) => there.reduce((sum, hit) => sum + hit[name], 0) / there.length);
    const rings = (city ? RINGS : NEAR).map((radius) => L.circle(centre, { radius, interactive: false, fill: false, weight: 1, className: "ring" }));
    const name = document.createElement("span");
    name.textContent = city && t(city);
    return city ? [...rings, L.marker(centre, { icon: L.divIcon({ className: "town", html: name, iconSize: [0, 0] }), interactive: false, keyboard: false, zIndexOffset: -1000 })] : rings;
  }));
}

// Built node by node: a name is text here, never HTML.
function face(hit, t) {
  const box = document.createElement("div");
  if (!hit.number) { box.className = "pindot"; return box; }
  box.className = hit.next_at ? "pin" : "pin none";
  const [number, time] = [document.createElement("b"), document.createElement("span")];
  number.textContent = hit.number;
  time.textContent = hit.next_time || (hit.next_at ? t.date(hit.next_at, { style: "day" }) : t("Full"));
  box.append(number, time);
  return box;
}

export default function Ground({ hits, tiles, moving, onPick }) {
  const t = useT();
  const place = useRef(null);
  const map = useRef(null);
  const pins = useRef([]);
  const own = useRef(false);  // the search in progress came from moving the map: it must not move again
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [follow, setFollow] = useState(false);
  const following = useRef(false);
  following.current = follow;
  const search = useRef(null);
  search.current = () => {
    const [centre, edge] = [map.current.getCenter(), map.current.getBounds()];
    const half = Math.min(centre.distanceTo([centre.lat, edge.getEast()]), centre.distanceTo([edge.getNorth(), centre.lng]));
    const next = new URLSearchParams(params);
    ["city", "page"].forEach((name) => next.delete(name));
    next.set("lat", centre.lat.toFixed(4)); next.set("lng", centre.wrap().lng.toFixed(4)); next.set("radius", String(Math.max(1, Math.min(100, Math.round(half / 1000)))));
    own.current = true;
    navigate(`/search?${next}`, { replace: true, preventScrollReset: true });
  };

  useEffect(() => {
    const made = L.map(place.current, { zoomControl: false, scrollWheelZoom: false, worldCopyJump: true, attributionControl: Boolean(tiles) }).setView([46, 3], 5);
    map.current = made;
    L.control.zoom({ position: "bottomright", zoomInTitle: t("Zoom in"), zoomOutTitle: t("Zoom out") }).addTo(made);
    L.control.scale({ imperial: false }).addTo(made);
    (tiles ? L.tileLayer(tiles, { maxZoom: 19, attribution: "© OpenStreetMap" }) : new Net({ maxZoom: 18 })).addTo(made);
    made.on("focus click", () => made.scrollWheelZoom.enable());  // a page that scrolls is not caught by the map it passes
    made.on("blur mouseout", () => made.scrollWheelZoom.disable());
    let touched = false;
    made.on("dragend", () => { touched = true; });
    made.getContainer().addEventListener("wheel", () => { touched = made.scrollWheelZoom.enabled(); });
    made.getContainer().addEventListener("click", (event) => { touched ||= Boolean(event.target.closest(".leaflet-control-zoom")); }, true);  // before the control keeps it to itself
    made.on("moveend", () => { if (touched && following.current) search.current(); touched = false; });
    const size = new ResizeObserver(() => made.invalidateSize());
    size.observe(place.current);
    return () => { size.disconnect(); made.remove(); };
  }, [tiles]);

  useEffect(() => {
    pins.current.forEach((pin) => pin.remove());
    const placed = hits.filter((hit) => hit.latitude != null && hit.longitude != null);
    const around = tiles ? null : surroundings(placed, t).addTo(map.current);
    const stacked = new Map();  // people at one address stand above each other
    pins.current = placed.map((hit) => {
      const [shown, spot] = [face(hit, t), `${hit.latitude.toFixed(4)} ${hit.longitude.toFixed(4)}`];
      stacked.set(spot, (stacked.get(spot) ?? -1) + 1);
      if (hit.number && stacked.get(spot)) { shown.style.top = `${stacked.get(spot) * -30}px`; shown.classList.add("up"); }
      const icon = L.divIcon({ className: "", html: shown, iconSize: [0, 0] });
      const pin = L.marker([hit.latitude, hit.longitude], { icon, title: hit.name, alt: hit.number ? `${hit.number}. ${hit.name}` : hit.name, keyboard: Boolean(hit.number), riseOnHover: true }).addTo(map.current);
      pin.getElement()?.setAttribute("role", hit.number ? "button" : "img");
      pin.getElement()?.setAttribute("aria-label", hit.number ? `${hit.number}. ${hit.name}` : hit.name);
      if (!hit.number) return pin;
      const show = () => { onPick?.(); showCard(hit.id); };
      return pin.on("click", show);
    });
    if (own.current) own.current = false;
    else if (placed.length) map.current.fitBounds(placed.map((hit) => [hit.latitude, hit.longitude]), { padding: [56, 56], maxZoom: moving ? 14 : 15, animate: false });
    return () => { around?.remove(); };
  }, [hits, t.locale]);

  useEffect(() => {
    if (!moving) return undefined;
    const over = (event) => {
      const id = event.target.closest?.(".dcard")?.id?.slice(4);
      hits.filter((hit) => hit.latitude != null && hit.longitude != null).forEach((hit, at) => pins.current[at]?.getElement()?.firstChild?.classList.toggle("on", hit.id === id));
    };
    document.addEventListener("mouseover", over);
    document.addEventListener("focusin", over);
    return () => { document.removeEventListener("mouseover", over); document.removeEventListener("focusin", over); };
  }, [hits, moving]);

  return (
    <>
      <div ref={place} dir="ltr" style={{ position: "absolute", inset: 0 }} />
      {moving && <label className="mapchk check"><input type="checkbox" checked={follow} onChange={(event) => setFollow(event.target.checked)} /><span>{t("Search when I move the map")}</span></label>}
    </>
  );
}
