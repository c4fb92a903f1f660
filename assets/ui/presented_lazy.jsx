// The further parts of a profile come once they are seen: the page above them does not wait.
import { useEffect, useRef, useState } from "react";

export function Presented({ more }) {
  const place = useRef(null);
  const [Parts, setParts] = useState(null);
  const some = more && Object.values(more).some((part) => part?.length || part?.href);
  useEffect(() => {
    if (!some) return;
    const watch = new IntersectionObserver(([seen]) => { if (seen.isIntersecting) import("./presented.jsx").then((part) => setParts(() => part.default)); });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [some]);
  return some ? <div ref={place} className="min-h-24">{Parts && <Parts more={more} />}</div> : null;
}
