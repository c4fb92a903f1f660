import { useState } from "react";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

// Length is what counts: twelve characters, no rule about symbols.
export function PasswordField({ name, autoComplete, meter, invalid, describedBy }) {
  const t = useT();
  const [shown, setShown] = useState(false);
  const [length, setLength] = useState(0);
  const label = shown ? t("Hide the password") : t("Show the password");
  const said = length >= 16 ? t("Long, so strong") : length >= 12 ? t("Good") : t.n("{n} more character", "{n} more characters", 12 - length);
  return (
    <>
      <span className={`input ${invalid ? "is-bad" : ""}`}>
        <input id={name} name={name} type={shown ? "text" : "password"} autoComplete={autoComplete} aria-invalid={invalid || undefined} aria-describedby={describedBy}
          onChange={meter ? (event) => setLength(event.target.value.length) : undefined} />
        <button type="button" className="btn btn-q btn-sm btn-icon -me-1.5" aria-label={label} title={label} onClick={() => setShown(!shown)}><Icon name={shown ? "eye-off" : "eye"} /></button>
      </span>
      {meter && length > 0 && (
        <span className="col g-1" role="status">
          <span className="bar"><i style={{ "--v": `${Math.min(100, (length / 16) * 100)}%`, "--c": length >= 12 ? "var(--success-solid)" : "var(--warning-solid)" }} /></span>
          <span className="help">{said}</span>
        </span>
      )}
    </>
  );
}
