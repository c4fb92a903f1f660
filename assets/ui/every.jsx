// Asks again every `seconds` while the page is looked at, and at once when one comes back to it. Draws nothing.
import { useEffect, useRef } from "react";

export function Every({ seconds, onTick }) {
  const tick = useRef(onTick);
  tick.current = onTick;
  useEffect(() => {
    let last = Date.now();
    const ask = () => { last = Date.now(); tick.current?.(); };
    const timer = setInterval(() => { if (!document.hidden) ask(); }, seconds * 1000);
    const back = () => { if (!document.hidden && Date.now() - last > seconds * 1000) ask(); };
    document.addEventListener("visibilitychange", back);
    return () => { clearInterval(timer); document.removeEventListener("visibilitychange", back); };
  }, [seconds]);
  return null;
}
