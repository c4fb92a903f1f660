// The map beside the list, or of one address. Leaflet is fetched only where a map is on the screen.
import "../css/map.css";
import { Suspense, lazy, useEffect, useRef, useState } from "react";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

const Ground = lazy(() => import("./ground.jsx"));
const WIDE = "(min-width: 1101px)";

function useWide() {
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const media = matchMedia(WIDE);
    const tell = () => setWide(media.matches);
    tell();
    media.addEventListener("change", tell);
    return () => media.removeEventListener("change", tell);
  }, []);
  return wide;
}

export function MapSide({ hits, tiles }) {
  const t = useT();
  const wide = useWide();
  const [asked, setAsked] = useState(false);
  const open = wide || asked;
  useEffect(() => { document.querySelector(".dgrid")?.classList.toggle("with-map", asked && !wide); }, [asked, wide]);
  useEffect(() => {
    if (!asked) return undefined;
    const press = (event) => event.key === "Escape" && setAsked(false);
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [asked]);
  return (
    <>
      <aside className="mapside" aria-label={t("Map")}>
        <div className="map">{open && <Suspense fallback={null}><Ground hits={hits} tiles={tiles} moving onPick={() => setAsked(false)} /></Suspense>}</div>
      </aside>
      <button type="button" className="btn btn-p mapbtn" aria-expanded={asked} onClick={() => setAsked(!asked)}><Icon name={asked ? "list" : "map"} />{asked ? t("List") : t("Map")}</button>
    </>
  );
}

// Where one or several places are: squares without numbers.
export function Spots({ places, tiles }) {
  const hits = places.map(({ name, address, latitude, longitude }) => ({ id: address, name: name || address, latitude, longitude, number: 0 }));
  const box = useRef(null);
  const [near, setNear] = useState(false);
  const placed = hits.some((hit) => hit.latitude != null);
  useEffect(() => {
    if (!placed) return undefined;
    const watch = new IntersectionObserver(([entry]) => entry.isIntersecting && setNear(true), { rootMargin: "200px" });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [placed]);
  return placed && <div ref={box} className="map spot">{near && <Suspense fallback={null}><Ground hits={hits} tiles={tiles} /></Suspense>}</div>;
}
