// Row selection stays in the browser until an action is chosen. Arrow keys walk the rows, Space ticks, Enter opens.
import "../css/listing.css";
import { useEffect, useRef, useState } from "react";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

export function Selection({ rows, actions, onAction, children }) {
  const t = useT();
  const form = useRef(null);
  const [count, setCount] = useState(0);
  const [asking, setAsking] = useState(null);
  const boxes = () => [...form.current.querySelectorAll("input[name=row]")];
  const recount = () => {
    const ticked = boxes().filter((box) => box.checked);
    boxes().forEach((box) => box.closest("tr").setAttribute("aria-selected", box.checked));
    const all = form.current.querySelector("input[name=all]");
    if (all) { all.checked = ticked.length > 0 && ticked.length === boxes().length; all.indeterminate = ticked.length > 0 && !all.checked; }
    setCount(ticked.length);
    setAsking(null);
  };
  useEffect(recount, [rows]);
  const tick = (event) => {
    if (event.target.name === "all") boxes().forEach((box) => (box.checked = event.target.checked));
    recount();
  };
  const clear = () => { boxes().forEach((box) => (box.checked = false)); recount(); };
  const act = (action) => {
    if (action.danger && asking !== action.name) return setAsking(action.name);
    onAction(action.name, boxes().filter((box) => box.checked).map((box) => box.value));
    clear();
  };
  const walk = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [...form.current.querySelectorAll("tbody tr")].map((row) => row.querySelector("a, input"));
    const at = stops.findIndex((stop) => stop?.closest("tr").contains(document.activeElement));
    if (step && at >= 0) { event.preventDefault(); stops[at + step]?.focus(); }
    if (event.key === "Escape" && count) clear();
  };
  return (
    <form ref={form} className="col grow min-h-0" onChange={tick} onKeyDown={walk} onSubmit={(event) => event.preventDefault()}>
      {children}
      {count > 0 && (
        <div className="bulk" role="toolbar" aria-label={t("Selected rows")}>
          <span className="px-2 num" role="status">{t("{n} selected", { n: t.number(count) })}</span><span className="sep" />
          {actions.map((action) => <button key={action.name} type="button" className="btn" onClick={() => act(action)}>{action.icon && <Icon name={action.icon} />}{asking === action.name ? t("Press again to confirm") : action.label}</button>)}
          <button type="button" className="btn btn-icon" aria-label={t("Clear the selection")} onClick={clear}><Icon name="x" /></button>
        </div>
      )}
    </form>
  );
}
