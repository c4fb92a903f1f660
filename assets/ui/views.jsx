// What stands around a list: saved views, the choice of columns, files.
import "../css/listing.css";
import { useEffect, useId, useRef, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";
import { QueryLink, changed } from "./query.jsx";

// What is open closes when something else is pressed, or by Escape.
function useDropper() {
  const box = useRef(null);
  useEffect(() => {
    const leave = (event) => { if (box.current?.open && !box.current.contains(event.target)) box.current.open = false; };
    const press = (event) => { if (event.key === "Escape" && box.current?.open) { box.current.open = false; box.current.querySelector("summary").focus(); } };
    addEventListener("pointerdown", leave);
    addEventListener("keydown", press);
    return () => { removeEventListener("pointerdown", leave); removeEventListener("keydown", press); };
  }, []);
  return box;
}

export function ColumnPicker({ columns, usual }) {
  const t = useT();
  const box = useDropper();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const shown = params.get("cols")?.split(",") ?? usual;
  const choose = (name, on) => {
    const names = columns.map((one) => one.name).filter((one) => (one === name ? on : shown.includes(one)));
    if (names.length) navigate(changed(params, { cols: names.join(",") }), { replace: true, preventScrollReset: true });
  };
  return (
    <details className="dropper hide-s" ref={box}>
      <summary className="btn btn-s btn-sm btn-icon" aria-label={t("Columns")} title={t("Columns")}><Icon name="columns-3" /></summary>
      <div className="menu drop" role="group" aria-label={t("Columns")}>
        {columns.map(({ name, label }) => <label key={name} className="menu-i check"><input type="checkbox" checked={shown.includes(name)} onChange={(event) => choose(name, event.target.checked)} />{label}</label>)}
        {params.has("cols") && <QueryLink change={{ cols: null }} className="menu-i"><Icon name="undo-2" />{t("Usual columns")}</QueryLink>}
      </div>
    </details>
  );
}

export function ViewBar({ saved, current, changed: other, onSave, onRemove }) {
  const t = useT();
  const id = useId();
  const [naming, setNaming] = useState(false);
  const open = saved.find((view) => view.id === current);
  useEffect(() => setNaming(false), [current, other]);
  if (!saved.length && !other) return null;
  const keep = (event) => {
    event.preventDefault();
    onSave(new FormData(event.currentTarget).get("view"));
    setNaming(false);
  };
  return (
    <nav className="views" aria-label={t("Saved views")}>
      <Link to="?" className="tab" aria-current={!open && !other ? "page" : undefined}>{t("All")}</Link>
      {saved.map((view) => (
        <span key={view.id} className="row g-1">
          <Link to={`?${view.query}&view=${view.id}`} className="tab" aria-current={view.id === current ? "page" : undefined}><bdi className="clip">{view.name}</bdi></Link>
          {view.id === current && <button type="button" className="btn btn-q btn-icon btn-sm" aria-label={t("Remove the view {name}", { name: view.name })} title={t("Remove the view {name}", { name: view.name })} onClick={() => onRemove(view.id)}><Icon name="x" size="sm" /></button>}
        </span>
      ))}
      {other && !naming && (
        <span className="row end">
          {open && <><span className="t-xs i3 hide-s">{t("View changed")}</span><button type="button" className="btn btn-a btn-sm" onClick={() => onSave(open.name)}>{t("Save")}</button></>}
          <button type="button" className="btn btn-q btn-sm" onClick={() => setNaming(true)}><Icon name="plus" />{t("Save as a view")}</button>
        </span>
      )}
      {other && naming && (
        <form className="row end" onSubmit={keep}>
          <label className="sr" htmlFor={id}>{t("Name of the view")}</label>
          <input id={id} name="view" className="input view-n" required maxLength={40} placeholder={t("Name of the view")} autoFocus />
          <button type="submit" className="btn btn-a btn-sm">{t("Save")}</button>
          <button type="button" className="btn btn-q btn-icon btn-sm" aria-label={t("Cancel")} onClick={() => setNaming(false)}><Icon name="x" size="sm" /></button>
        </form>
      )}
    </nav>
  );
}

export function ExportLinks({ list }) {
  const t = useT();
  const [params] = useSearchParams();
  const { tenant } = useParams();
  const box = useDropper();
  const address = (form) => `/api/${tenant ? `w/${tenant}` : "platform"}/lists/${list}.${form}?${params}`;
  return (
    <details className="dropper hide-s" ref={box}>
      <summary className="btn btn-s btn-sm"><Icon name="download" />{t("Export")}</summary>
      <div className="menu drop"><a download className="menu-i" href={address("xlsx")}><Icon name="file-spreadsheet" />{t("Spreadsheet (XLSX)")}</a><a download className="menu-i" href={address("csv")}><Icon name="file-text" />{t("Text (CSV)")}</a></div>
    </details>
  );
}
