import "../css/filter.css";
// Lists keep what they show in the address. These are links and fields that change one part of it.
import { useEffect, useRef } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

export function changed(params, changes) {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) value ? next.set(name, value) : next.delete(name);
  return `?${next}`;
}

export function QueryLink({ change, ...props }) {
  const [params] = useSearchParams();
  return <Link to={changed(params, change)} preventScrollReset {...props} />;
}

export function SortHeader({ name, byDefault, end, children }) {
  const [params] = useSearchParams();
  const sort = params.get("sort") ?? byDefault;
  const direction = sort === name ? "ascending" : sort === `-${name}` ? "descending" : undefined;
  return (
    <th scope="col" aria-sort={direction} className={end ? "te" : undefined}>
      <QueryLink change={{ sort: direction === "ascending" ? `-${name}` : name, page: null }} className="row g-1 inline-flex">
        {children}{direction && <Icon name={direction === "ascending" ? "arrow-up" : "arrow-down"} size="sm" />}
      </QueryLink>
    </th>
  );
}

export function SearchField({ label }) {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const input = useRef(null);
  const timer = useRef();
  const q = params.get("q") ?? "";
  useEffect(() => { if (document.activeElement !== input.current) input.current.value = q; }, [q]);
  useEffect(() => {
    const press = (event) => { if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName)) { event.preventDefault(); input.current?.focus(); } };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  const search = (event) => {
    const text = event.target.value;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => navigate(changed(location.search, { q: text, page: null }), { replace: true, preventScrollReset: true }), 250);
  };
  return (
    <label className="input find"><Icon name="search" size="sm" /><input ref={input} type="search" aria-label={label} aria-keyshortcuts="/" placeholder={label} defaultValue={q} onChange={search} /></label>
  );
}

export function FilterField({ name, label, options }) {
  const t = useT();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const value = params.get(name) ?? "";
  const go = (chosen) => navigate(changed(params, { [name]: chosen, page: null }), { preventScrollReset: true });
  return (
    <span className={`filter ${value ? "is-set" : ""}`}>
      <select aria-label={label} value={value} onChange={(event) => go(event.target.value)}>
        <option value="">{label}</option>
        {options.map((option) => <option key={option.value} value={option.value}>{t(option.label)}</option>)}
      </select>
      {value && <button type="button" aria-label={t("Remove this filter")} onClick={() => go("")}><Icon name="x" size="sm" /></button>}
    </span>
  );
}

export const Tags = ({ text }) => <span className="row g-1">{(text ? JSON.parse(text) : []).map((tag) => <span key={tag} className="badge"><bdi>{tag}</bdi></span>)}</span>;
