import { useRef } from "react";
import { Icon } from "./icon.jsx";

export function SearchBox({ label, name, invalid, onSearch }) {
  const timer = useRef();
  const ask = (event) => { const text = event.target.value; clearTimeout(timer.current); timer.current = setTimeout(() => onSearch(text), 300); };
  return (
    <div className="field">
      <label className="label" htmlFor={name}>{label}</label>
      <span className="input"><Icon name="search" size="sm" /><input id={name} type="search" autoComplete="off" aria-invalid={invalid || undefined} aria-describedby={`${name}-error`} onChange={ask} /></span>
    </div>
  );
}
