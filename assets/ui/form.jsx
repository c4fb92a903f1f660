import "../css/form.css";
import { useEffect, useRef, useState } from "react";
import { useBlocker } from "react-router";
import { useT } from "$/public/i18n.js";
import { forget, keep, leadsToProof, putBack } from "./kept.js";

const read = (form) => Object.fromEntries(new FormData(form));

// Sends all fields at once; warns before leaving unsaved changes; puts the cursor on the first field that was refused.
// What was typed stays through reconnections: the fields are rebuilt only when the stored values really changed.
export function Form({ values, saved, errors, bar, submitLabel, onSave, children }) {
  const t = useT();
  const form = useRef(null);
  const first = useRef({});
  const [changed, setChanged] = useState([]);
  const [busy, setBusy] = useState(false);
  const stored = JSON.stringify(values);
  const before = useRef(saved);
  useEffect(() => {
    if (before.current !== saved) forget(form.current);
    before.current = saved;
    first.current = read(form.current);
    setChanged([]);
    setBusy(false);
    if (putBack(form.current)) look();
  }, [stored, saved]);
  useEffect(() => { setBusy(false); form.current.querySelector("[aria-invalid=true]")?.focus(); }, [errors]);
  const dirty = changed.length > 0;
  useEffect(() => {
    if (!dirty) return;
    const ask = (event) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [dirty]);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    if (!dirty || currentLocation.pathname === nextLocation.pathname) return false;
    if (leadsToProof(nextLocation.pathname)) {
      keep(form.current);
      return false;
    }
    return !busy;
  });
  useEffect(() => {
    if (blocker.state === "blocked") confirm(t("Leave without saving?")) ? blocker.proceed() : blocker.reset();
  }, [blocker]);
  const look = () => {
    const now = read(form.current);
    setChanged([...new Set([...Object.keys(now), ...Object.keys(first.current)])].filter((name) => String(now[name] ?? "") !== String(first.current[name] ?? "")));
  };
  const save = (event) => { event.preventDefault(); setBusy(true); setTimeout(() => setBusy(false), 4000); onSave(read(form.current)); };
  const undo = () => { forget(form.current); form.current.reset(); look(); };
  const name = (field) => form.current?.querySelector(`label[for="${field}"]`)?.firstChild?.textContent ?? form.current?.querySelector(`[name="${field}"]`)?.closest("label")?.textContent;
  return (
    <form key={stored} ref={form} noValidate onInput={look} onSubmit={save} data-dirty={dirty || undefined} aria-busy={busy} className="form">
      {children}
      {bar && dirty && (
        <div className="dirty" role="status">
          <span className="grow clip">{t("Not saved yet:")} <span className="i3">{changed.map(name).filter(Boolean).slice(0, 3).join(t(", "))}{changed.length > 3 ? "…" : ""}</span></span>
          <button type="button" className="btn btn-q" onClick={undo}>{t("Undo")}</button>
          <button type="submit" className="btn btn-p" disabled={busy}>{busy && <span className="spin" aria-hidden="true" />}{submitLabel}</button>
        </div>
      )}
    </form>
  );
}

export function ManyChoices({ name, value, options }) {
  const t = useT();  // names from the database pass through untouched
  const [chosen, setChosen] = useState(() => (value ? value.split(",") : []));
  const hidden = useRef(null);
  useEffect(() => { hidden.current.dispatchEvent(new Event("input", { bubbles: true })); }, [chosen]);
  useEffect(() => {
    const back = (event) => setChosen(event.detail ? event.detail.split(",") : []);
    hidden.current.addEventListener("kept", back);
    return () => hidden.current?.removeEventListener("kept", back);
  }, []);
  const tick = (code) => setChosen((now) => (now.includes(code) ? now.filter((one) => one !== code) : [...now, code]));
  return (
    <div id={name} role="group" className="row wrap g-4">
      <input ref={hidden} type="hidden" name={name} value={chosen.join(",")} readOnly />
      {options.map((option) => <label key={option.value} className="check"><input type="checkbox" checked={chosen.includes(option.value)} onChange={() => tick(option.value)} /><span>{t(option.label)}</span></label>)}
    </div>
  );
}
