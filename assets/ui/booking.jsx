// The booking panel's own parts: the time left to confirm, and a form whose text stays in the browser until it is sent.
import "../css/booking.css";
import { useEffect, useRef, useState } from "react";

export function Countdown({ until, onEnd }) {
  const [now, setNow] = useState(() => Date.now());
  const end = Date.parse(until);
  const left = Math.max(0, Math.round((end - now) / 1000));
  const told = useRef("");
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (left === 0 && told.current !== until) { told.current = until; onEnd?.(); }
  }, [left, until]);
  return <span role="timer" className="num ltr">{Math.floor(left / 60)}:{String(left % 60).padStart(2, "0")}</span>;
}

// `answered` grows with each answer of the server: the form may be sent again at once.
export function SendForm({ errors, answered, onSend, children, ...rest }) {
  const form = useRef(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    setBusy(false);
    form.current.querySelector("[aria-invalid=true]")?.focus();
  }, [errors, answered]);
  const send = (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setTimeout(() => setBusy(false), 4000);
    onSend(Object.fromEntries(new FormData(form.current, event.nativeEvent.submitter)));
  };
  return <form ref={form} noValidate aria-busy={busy} onSubmit={send} className="form" {...rest}>{children}</form>;
}

// A step that has just appeared takes the focus, so that readers and the keyboard follow.
export function Step({ at, children, ...rest }) {
  const box = useRef(null);
  const seen = useRef(at);
  useEffect(() => {
    if (seen.current !== at) box.current?.focus({ preventScroll: false });
    seen.current = at;
  }, [at]);
  return <div ref={box} tabIndex={-1} className="col g-4 step" {...rest}>{children}</div>;
}
