// Tells what is typed into the form around it, a moment after the last key.
import { useEffect, useRef } from "react";

export function Typed({ onTyped }) {
  const mark = useRef(null);
  const tell = useRef(onTyped);
  tell.current = onTyped;
  useEffect(() => {
    const place = mark.current.closest("[data-settings]");
    let timer;
    const look = (event) => {
      const form = event.target.form;
      if (!form) return;
      clearTimeout(timer);
      timer = setTimeout(() => tell.current(Object.fromEntries(new FormData(form))), 500);
    };
    place.addEventListener("input", look);
    return () => { clearTimeout(timer); place.removeEventListener("input", look); };
  }, []);
  return <span ref={mark} hidden />;
}
