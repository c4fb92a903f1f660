// Where one or several places are: squares without numbers. Nothing of the map is fetched before its place is on the screen.
import { Suspense, lazy, useEffect, useRef, useState } from "react";

const SpotsMap = lazy(() => import("./map.jsx"));

export function Spots({ places, tiles }) {
  const hits = places.map(({ name, address, latitude, longitude }) => ({ id: address, name: name || address, latitude, longitude, number: 0 }));
  const box = useRef(null);
  const [seen, setSeen] = useState(false);
  const placed = hits.some((hit) => hit.latitude != null);
  useEffect(() => {
    if (!placed) return undefined;
    const watch = new IntersectionObserver(([entry]) => entry.isIntersecting && setSeen(true));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [placed]);
  return placed && <div ref={box} className="map spot" style={{ minBlockSize: "16rem" }}>{seen && <Suspense fallback={null}><SpotsMap hits={hits} tiles={tiles} /></Suspense>}</div>;
}
