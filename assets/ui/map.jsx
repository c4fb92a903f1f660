// The map beside the list, or of one address: a still drawing until a hand comes near, then Leaflet (or at once, with map tiles).
import "../css/map.css";
import { Suspense, lazy, useEffect, useState } from "react";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";
import { showCard } from "./map_card.js";

const Ground = lazy(() => import("./ground.jsx"));
const MapPreview = lazy(() => import("./map_preview.jsx"));
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

function Awakening({ tiles, most, label, pick, ...map }) {
  const [awake, setAwake] = useState(Boolean(tiles));
  const still = <Suspense fallback={null}><MapPreview hits={map.hits} most={most} label={label} pick={pick} wake={() => setAwake(true)} /></Suspense>;
  return awake ? <Suspense fallback={still}><Ground tiles={tiles} {...map} /></Suspense> : still;
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
        <div className="map">{open && <Awakening hits={hits} tiles={tiles} most={14} moving label={t("Move the map")} onPick={() => setAsked(false)} pick={(hit) => { setAsked(false); showCard(hit.id); }} />}</div>
      </aside>
      <button type="button" className="btn btn-p mapbtn" aria-expanded={asked} onClick={() => setAsked(!asked)}><Icon name={asked ? "list" : "map"} />{asked ? t("List") : t("Map")}</button>
    </>
  );
}

// What spots.jsx fetches when a map of one or several places comes into view.
export default function SpotsMap({ hits, tiles }) {
  return <Awakening hits={hits} tiles={tiles} most={15} />;
}
